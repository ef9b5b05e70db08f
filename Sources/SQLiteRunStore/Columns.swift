import FoundationEssentials
import GRDB
import Glibc
import Instructions
import Pacing
import Runs

/// A stored word that this version does not know: the database is damaged.
struct DecodingFault: Error {
    let column: String
}

/// Reads the columns of one result row from left to right.
struct Columns {
    private let row: Row
    private var next = 0

    init(_ row: Row) { self.row = row }

    mutating func int() -> Int { take() }
    mutating func int64() -> Int64 { take() }
    mutating func text() -> String { take() }
    mutating func optionalInt() -> Int? { takeOptional() }
    mutating func optionalInt64() -> Int64? { takeOptional() }
    mutating func optionalText() -> String? { takeOptional() }
    mutating func time() -> WallTime { WallTime(milliseconds: take()) }
    mutating func optionalTime() -> WallTime? { optionalInt64().map(WallTime.init(milliseconds:)) }

    mutating func optionalBytes() -> [UInt8]? {
        let blob: Data? = takeOptional()
        return blob.map(Array.init)
    }

    /// A word of an enumeration.
    mutating func word<Word: RawRepresentable<String>>(_: Word.Type) throws(DecodingFault) -> Word {
        guard let word = try optionalWord(Word.self) else { throw DecodingFault(column: "\(Word.self)") }
        return word
    }

    mutating func optionalWord<Word: RawRepresentable<String>>(
        _: Word.Type
    ) throws(DecodingFault) -> Word? {
        guard let text = optionalText() else { return nil }
        guard let word = Word(rawValue: text) else { throw DecodingFault(column: "\(Word.self)") }
        return word
    }

    mutating func optionalCurrency() throws(DecodingFault) -> Currency? {
        guard let code = optionalText(), !code.isEmpty else { return nil }
        guard let currency = Currency(code: code) else { throw DecodingFault(column: "currency") }
        return currency
    }

    /// An amount and its currency, in two columns.
    mutating func optionalMoney() throws(DecodingFault) -> Money? {
        let amount = optionalInt64()
        let currency = try optionalCurrency()
        guard let amount, let currency else { return nil }
        return Money(minorUnits: amount, currency: currency)
    }

    private mutating func take<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value {
        defer { next += 1 }
        return row[next]
    }

    private mutating func takeOptional<Value: DatabaseValueConvertible & StatementColumnConvertible>()
        -> Value?
    {
        defer { next += 1 }
        return row[next]
    }
}

/// SQLite's text functions end at a zero byte, which no field has a use for: it is stored as U+FFFD.
func stored(_ text: String?) -> String? {
    guard var text else { return nil }
    let holdsZero = text.withUTF8 { bytes in
        bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
    }
    guard holdsZero else { return text }
    return text.replacing("\0", with: "\u{FFFD}")
}

import GRDB
import Glibc
import Instructions
import Pacing
import Runs

/// A stored word that this version does not know: the database is damaged.
struct DecodingFault: Error {
    let column: String
}

extension Database {
    /// All rows of a query, each as `read` makes it of its columns.
    func rows<Value>(
        _ sql: String, _ arguments: StatementArguments, read: (inout Columns) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try forEachRow(sql, arguments) { bare in
            var columns = Columns(bare: bare)
            values.append(try read(&columns))
            if columns.missesValue { throw DecodingFault(column: "a column that always has one") }
        }
        return values
    }
}

/// Reads the columns of one result row from left to right, as values of their own.
struct Columns {
    private var bare: BareColumns
    /// Whether a value that is never NULL was: the database is damaged.
    fileprivate private(set) var missesValue = false

    fileprivate init(bare: BareColumns) { self.bare = bare }

    mutating func int() -> Int { Int(int64()) }
    mutating func int64() -> Int64 { present(optionalInt64()) ?? 0 }
    mutating func text() -> String { present(optionalText()) ?? "" }
    mutating func optionalInt() -> Int? { bare.optionalInt64().map { Int($0) } }
    mutating func optionalInt64() -> Int64? { bare.optionalInt64() }
    mutating func optionalText() -> String? {
        bare.optionalText().map { String(decoding: $0, as: UTF8.self) }
    }
    mutating func optionalBytes() -> [UInt8]? { bare.optionalText().map { Array($0) } }
    mutating func time() -> WallTime { WallTime(milliseconds: int64()) }
    mutating func optionalTime() -> WallTime? { optionalInt64().map(WallTime.init(milliseconds:)) }

    private mutating func present<Value>(_ value: Value?) -> Value? {
        if value == nil { missesValue = true }
        return value
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

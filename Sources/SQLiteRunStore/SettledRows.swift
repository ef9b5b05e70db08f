import GRDB
import Instructions
import Pacing
import Runs

/// Reads settled rows for a report: `Columns.settlement` without the strings.
enum SettledRows {
    /// In the order of `row`.
    private static let columns = """
        row, outcome, how_known, finished_at, asked_currency, asked, applied_currency, applied, \
        remaining_currency, remaining, sends, http_status, code, message, status_before, status_after, key, \
        gateway_reference, gateway_code
        """

    private static let outcomes = Words<Outcome>()
    private static let ways = Words<HowKnown>()

    /// Settled rows after that row, with their newest settlements.
    static func page(_ database: Database, run: Int64, after row: Int, limit: Int) throws -> SettledPage {
        var page = SettledPage()
        page.reserve(limit)
        try database.forEachRow(
            """
            SELECT \(columns) FROM instruction
            WHERE run = ? AND row > ? AND outcome IS NOT NULL ORDER BY row LIMIT ?
            """, [run, row, limit]
        ) { page.append(try Self.row(&$0)) }
        return page
    }

    private static func row(_ columns: inout BareColumns) throws(DecodingFault) -> SettledRow {
        let row = Int(columns.int64())
        guard let outcome = outcomes.word(columns.optionalText()) else {
            throw DecodingFault(column: "Outcome")
        }
        guard let howKnown = ways.word(columns.optionalText()) else {
            throw DecodingFault(column: "HowKnown")
        }
        let facts = SettledPage.Facts(
            row: row, outcome: outcome, howKnown: howKnown,
            finishedAt: WallTime(milliseconds: columns.int64()), asked: try money(&columns),
            applied: try money(&columns), remaining: try money(&columns), attempts: Int(columns.int64()),
            httpStatus: columns.optionalInt64().map { Int($0) })
        return SettledRow(
            facts: facts, code: columns.optionalText(), message: columns.optionalText(),
            statusBefore: columns.optionalText(), statusAfter: columns.optionalText(),
            key: columns.optionalText(), gatewayReference: columns.optionalText(),
            gatewayCode: columns.optionalText())
    }

    /// A currency and an amount, in two columns.
    private static func money(_ columns: inout BareColumns) throws(DecodingFault) -> Money? {
        guard let code = columns.optionalText(), !code.isEmpty else {
            columns.skip()
            return nil
        }
        guard code.count == 3,
            let currency = Currency(letters: code.reduce(0) { $0 << 8 | UInt32($1) })
        else { throw DecodingFault(column: "currency") }
        return columns.optionalInt64().map { Money(minorUnits: $0, currency: currency) }
    }
}

/// The words of an enumeration by their bytes.
private struct Words<Word: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    /// Each with its length and its bytes as a number, which is exact up to 16 of them.
    private let words: [(count: Int, number: UInt128, word: Word)] = Word.allCases.map { word in
        let bytes = Array(word.rawValue.utf8)
        precondition(bytes.count <= 16, "a stored word has at most 16 bytes")
        return (count: bytes.count, number: bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }, word: word)
    }

    func word(_ bytes: UnsafeBufferPointer<UInt8>?) -> Word? {
        guard let bytes, bytes.count <= 16 else { return nil }
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        for entry in words where entry.number == number && entry.count == bytes.count { return entry.word }
        return nil
    }
}

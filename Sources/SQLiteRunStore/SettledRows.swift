import GRDB
import Instructions
import Pacing
import Runs

/// Reads settled rows for a report: `Columns.settlement` without the strings.
enum SettledRows {
    /// In the order of `take`.
    private static let columns = """
        row, outcome, how_known, finished_at, code, message, status_before, status_after, key, \
        gateway_reference, gateway_code, asked, asked_currency, applied, applied_currency, remaining, \
        remaining_currency, sends, http_status
        """

    private static let outcomes = Words<Outcome>()
    private static let ways = Words<HowKnown>()

    /// Settled rows after that row, with their newest settlements.
    static func page(_ database: Database, run: Int64, after row: Int, limit: Int) throws -> SettledPage {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(columns) FROM instruction
                WHERE run = ? AND row > ? AND outcome IS NOT NULL ORDER BY row LIMIT ?
                """)
        let cursor = try Row.fetchCursor(statement, arguments: [run, row, limit])
        var page = SettledPage()
        page.reserve(limit)
        while try cursor.next() != nil {
            var columns = BareColumns(of: statement.sqliteStatement)
            try take(&columns, into: &page)
        }
        return page
    }

    private static func take(_ columns: inout BareColumns, into page: inout SettledPage) throws(DecodingFault)
    {
        let row = Int(columns.int64())
        guard let outcome = outcomes.word(columns.optionalText()) else {
            throw DecodingFault(column: "Outcome")
        }
        guard let howKnown = ways.word(columns.optionalText()) else {
            throw DecodingFault(column: "HowKnown")
        }
        let finishedAt = WallTime(milliseconds: columns.int64())
        for _ in 0..<7 { page.append(text: columns.optionalText()) }
        page.end(
            SettledPage.Facts(
                row: row, outcome: outcome, howKnown: howKnown, finishedAt: finishedAt,
                asked: try money(&columns), applied: try money(&columns), remaining: try money(&columns),
                attempts: Int(columns.int64()), httpStatus: columns.optionalInt64().map { Int($0) }))
    }

    /// An amount and its currency, in two columns.
    private static func money(_ columns: inout BareColumns) throws(DecodingFault) -> Money? {
        let amount = columns.optionalInt64()
        guard let code = columns.optionalText(), !code.isEmpty else { return nil }
        guard code.count == 3,
            let currency = Currency(letters: code.reduce(0) { $0 << 8 | UInt32($1) })
        else { throw DecodingFault(column: "currency") }
        return amount.map { Money(minorUnits: $0, currency: currency) }
    }
}

/// The words of an enumeration by their bytes.
private struct Words<Word: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    private let words = Word.allCases.map { (bytes: Array($0.rawValue.utf8), word: $0) }

    func word(_ bytes: UnsafeBufferPointer<UInt8>?) -> Word? {
        guard let bytes else { return nil }
        return words.first { $0.bytes.count == bytes.count && $0.bytes.elementsEqual(bytes) }?.word
    }
}

import GRDB
import Instructions
import Pacing
import Runs

extension SQLiteStore {
    /// Whether any run of the account identity was ever executed.
    package func hasBeenCalled(_ identity: String) async throws -> Bool {
        try await read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM run JOIN account ON account.id = run.account
                        WHERE account.identity = ? AND run.executions > 0)
                    """, arguments: [identity]) ?? false
        }
    }

    static func past(_ database: Database, run: Int64) throws -> RunPast {
        // What was answered 401 or 429 or never left is not counted (contract, P6).
        let repeats = try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM attempt INDEXED BY attempt_budgeted WHERE run = ? AND budgeted = 1
                    AND (answer IS NULL OR answer NOT IN ('not_sent', 'unauthorized', 'throttled'))
                """, arguments: [run])
        let rows = try Int.fetchOne(database, sql: "SELECT row_count FROM run WHERE id = ?", arguments: [run])
        let newest = try Int64.fetchOne(
            database,
            sql:
                "SELECT max(max(newest_at, created_at, coalesce(started_at, 0), coalesce(ended_at, 0))) FROM run"
        )
        var past = RunPast(
            rows: rows ?? 0, repeats: repeats ?? 0, newestWall: WallTime(milliseconds: newest ?? 0))
        past.asked = try asked(database, run: run)
        return past
    }

    private static func asked(_ database: Database, run: Int64) throws -> [Money] {
        let sums = try Row.fetchAll(
            database,
            sql: """
                SELECT currency, sum(asked) FROM outcome_sum
                WHERE run = ? AND outcome IN ('applied', 'unconfirmed') AND currency <> '' GROUP BY currency
                """, arguments: [run])
        return sums.compactMap { row in
            Currency(code: row[0]).map { Money(minorUnits: row[1], currency: $0) }
        }
    }
}

import GRDB
import Instructions
package import Pacing
package import Runs

extension SQLiteStore {
    /// All rows with that intent id or reference, over all runs of all accounts, oldest run first; without rows whose
    /// action could not be read, which the problems of their run's report have.
    package func traces(of payment: String) async throws -> [PaymentTrace] {
        try await read { database in
            // The indices begin with the account; there are few.
            let found = try Row.fetchAll(
                database,
                sql: """
                    SELECT i.run, i.row FROM account a CROSS JOIN instruction i INDEXED BY instruction_intent
                        ON i.account = a.id AND i.intent_id = ?1 AND i.action <> ''
                    UNION
                    SELECT i.run, i.row FROM account a CROSS JOIN instruction i INDEXED BY instruction_reference
                        ON i.account = a.id AND i.reference = ?1 AND i.reference IS NOT NULL AND i.action <> ''
                    ORDER BY 1, 2
                    """, arguments: [payment])
            return try found.map { try Self.trace(database, run: $0[0], row: $0[1]) }
        }
    }

    private static func trace(_ database: Database, run: Int64, row: Int) throws -> PaymentTrace {
        let key: StatementArguments = [run, row]
        let asked = try database.rows(
            "SELECT \(Columns.instruction) FROM instruction i WHERE i.run = ? AND i.row = ?", key
        ) { try $0.instruction() }
        guard let instruction = asked.first else {
            throw StoreMessages.internalFault("row \(row) of run number \(run) is no row")
        }
        let settled = try database.rows(
            """
            SELECT \(Columns.settlement) FROM instruction WHERE run = ? AND row = ? AND outcome IS NOT NULL
            """, key
        ) { try $0.settlement() }
        let sent = try database.rows(
            """
            SELECT \(Columns.attempt), closed_at, http_status, gateway_code FROM attempt
            WHERE run = ? AND row = ? ORDER BY number
            """, key
        ) { columns in
            PaymentTrace.Sent(
                attempt: try columns.attempt(), closedAt: columns.optionalTime(),
                httpStatus: columns.optionalInt(), gatewayCode: columns.optionalText())
        }
        let resolved = try database.rows(
            """
            SELECT revision, actor, note, resolved_at, \(Columns.settlement) FROM resolution
            WHERE run = ? AND row = ? ORDER BY revision
            """, key
        ) { columns in
            PaymentTrace.Resolved(
                revision: columns.int(), actor: columns.text(), note: columns.optionalText(),
                at: columns.time(), before: try columns.settlement())
        }
        return PaymentTrace(
            run: try self.run(database, id: run), instruction: instruction, settlement: settled.first,
            sent: sent, resolved: resolved)
    }

    /// The newest wall time that any run has written; 0 before the first.
    package func newestTime() async throws -> WallTime {
        try await read { try Self.past($0, run: 0).newestWall }
    }
}

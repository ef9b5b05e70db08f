import GRDB
package import Instructions
package import Runs

extension SQLiteStore {
    /// What the row guard would judge rows by that are in no run yet: for each one, rows of the account's runs on its
    /// intent or with its reference, and the one that keeps its intent from being acted on.
    package func elsewhere(
        identity: AccountIdentity, like instructions: [Instruction]
    ) async throws -> [RowElsewhere] {
        let text = identity.text
        return try await read { [isExecuting] database in
            let account = try Int64.fetchOne(
                database, sql: "SELECT id FROM account WHERE identity = ?", arguments: [text])
            guard let account else { return instructions.map { _ in RowElsewhere() } }
            return try instructions.map { instruction in
                // Every run is earlier than one that is not made yet.
                let rows = try Elsewhere.rows(
                    database, account: account, run: .max, like: instruction)
                let taken = try Elsewhere.unsettled(
                    database, account: account, run: .max, intentID: instruction.intentID)
                // What a living process does will be settled by then.
                let isPassing = taken.map { !$0.isUnconfirmed && isExecuting($0.run) } ?? false
                return RowElsewhere(rows: rows, unsettled: isPassing ? nil : taken)
            }
        }
    }
}

extension Elsewhere {
    /// The row of another run that keeps an intent from being acted on (resolving.md, section 4). An unconfirmed one
    /// comes first, since no waiting ends it.
    static func unsettled(
        _ database: Database, account: Int64, run: Int64, intentID: String
    ) throws -> UnsettledRow? {
        let unconfirmed = try database.cachedStatement(
            sql: """
                SELECT r.name, i.row FROM instruction i INDEXED BY instruction_unconfirmed
                    JOIN run r ON r.id = i.run
                WHERE i.account = ? AND i.intent_id = ? AND i.outcome = 'unconfirmed' AND i.run <> ? LIMIT 1
                """)
        if let row = try Row.fetchOne(unconfirmed, arguments: [account, intentID, run]) {
            return UnsettledRow(run: row[0], row: row[1], isUnconfirmed: true)
        }
        let open = try database.cachedStatement(
            sql: """
                SELECT r.name, t.row FROM attempt t INDEXED BY attempt_open JOIN run r ON r.id = t.run
                WHERE t.account = ? AND t.intent_id = ? AND t.answer IS NULL AND t.run <> ?
                """)
        return try Row.fetchOne(open, arguments: [account, intentID, run]).map { row in
            UnsettledRow(run: row[0], row: row[1], isUnconfirmed: false)
        }
    }
}

import FoundationEssentials
import GRDB
package import Instructions
import Pacing
package import Runs

extension SQLiteStore: RunImport {
    package func existingRun(identity: AccountIdentity, sha256: String) async throws -> RunRecord? {
        let text = identity.text
        return try await read { database in
            try Self.newestRun(database, identity: text, sha256: sha256)
        }
    }

    package func create(_ run: NewRun) async throws -> RunRecord {
        let rules = try Self.json(of: run.rules)
        let facts = facts
        return try await write { database in
            let identity = run.identity.text
            // Inside the transaction that inserts it: of racing processes the later ones find the first one's
            // run.
            let other = try Self.newestRun(database, identity: identity, sha256: run.input.sha256)
            if let other, (other.again?.number ?? 0) >= (run.again?.number ?? 0) {
                throw StoreMessages.inputTaken(by: other.name, state: other.state.rawValue)
            }
            try database.execute(
                sql: "INSERT INTO account (identity, gateway) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [identity, run.identity.gateway])
            try database.execute(
                sql: """
                    INSERT INTO run (name, account, account_name, job, state, actor, note, input_name,
                        input_path, input_sha256, input_bytes, snapshot_path, key_base, rules, created_at, again,
                        again_why, input_inode)
                    VALUES (?, (SELECT id FROM account WHERE identity = ?),
                        ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    run.name, identity, run.accountName, run.job, RunState.importing.rawValue, run.actor,
                    stored(run.note), run.input.name, run.input.path, run.input.sha256, run.input.byteCount,
                    run.input.snapshotPath, run.keyBase, rules, run.createdAt.milliseconds,
                    run.again?.number ?? 0, stored(run.again?.why),
                    run.input.inode.map(Int64.init(bitPattern:)),
                ])
            let id = database.lastInsertedRowID
            var entry = AuditEntry(
                .claimed, at: run.createdAt, actor: run.actor, note: run.note, run: run.name)
            entry.file = run.input.path
            entry.sha256 = run.input.sha256
            entry.detail = run.again.map { "again, number \($0.number): \($0.why)" }
            try Self.note(entry, database, facts)
            return try Self.run(database, id: id)
        }
    }

    package func clearRows(of run: RunRecord) async throws {
        try await write { database in
            try Self.requireImporting(database, run)
            try database.execute(sql: "DELETE FROM instruction WHERE run = ?", arguments: [run.id])
            try database.execute(sql: "DELETE FROM outcome_sum WHERE run = ?", arguments: [run.id])
        }
    }

    package func append(_ rows: [Instruction], to run: RunRecord) async throws {
        try await write { database in
            let account = try Self.requireImporting(database, run)
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO instruction (run, row, account, priority, intent_id, action, line, amount,
                        currency, reason, reference, line_items, external_data, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for row in rows {
                try statement.execute(arguments: Self.arguments(of: row, run: run.id, account: account))
            }
        }
    }

    package func append(rejected rows: [RejectedRow], to run: RunRecord) async throws {
        try await write { database in
            let account = try Self.requireImporting(database, run)
            // Neither column may be NULL; '' is no action and no intent id.
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO instruction (run, row, account, priority, intent_id, action, line, amount,
                        currency, reference)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            var settlements = SettlementWriter(database, run: run.id)
            for rejected in rows {
                let row = rejected.row
                var amount: Int64?
                if case .exactly(let money) = row.requested { amount = money.minorUnits }
                try statement.execute(arguments: [
                    run.id, row.row, account, Int64.max, row.intentID ?? "", row.action?.rawValue ?? "",
                    row.line, amount, row.requested?.currency?.code, stored(row.reference),
                ])
                var settlement = Settlement(
                    row: row.row, action: row.action, outcome: .rejected, howKnown: .rule,
                    finishedAt: run.createdAt)
                settlement.code = rejected.code
                settlement.message = rejected.message
                try settlements.write(settlement, if: .isOpen)
            }
            try settlements.addSums()
        }
    }

    package func finish(_ run: RunRecord, rows: Int) async throws {
        // The look-ups take a second for a million rows. They are done before the write lock is taken, so that the
        // runs of other processes commit meanwhile: nobody else changes the rows of a run that is being
        // imported.
        try await read { database in
            try database.execute(sql: "DROP TABLE IF EXISTS temp.link")
            try database.execute(sql: Self.links, arguments: [run.id])
        }
        try await write { database in
            try Self.requireImporting(database, run)
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM instruction WHERE run = ?", arguments: [run.id])
            guard count == rows else {
                throw StoreMessages.internalFault(
                    "\(count ?? 0) rows of run \(run.name) were imported instead of \(rows)")
            }
            try database.execute(sql: Self.linking, arguments: [run.id])
            try database.execute(sql: "DROP TABLE temp.link")
            try database.execute(sql: Self.freeing, arguments: [run.id, run.id])
            try database.execute(
                sql: "UPDATE run SET state = ?, row_count = ? WHERE id = ?",
                arguments: [RunState.ready.rawValue, rows, run.id])
        }
    }

    /// The rows that share their intent with others. Looking each one up in the index is six times as fast as a
    /// sort of the whole run by intent, and does not depend on other runs.
    private static let links = """
        CREATE TEMP TABLE link AS
        SELECT row, before, same, earliest FROM (
            SELECT row, priority,
                lag(row) OVER in_file AS before,
                min(priority) OVER (
                    in_file ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS earliest,
                coalesce(
                    CASE action
                        WHEN 'cancel' THEN max(action = 'cancel') OVER before_it
                        ELSE max(action = 'capture') OVER before_it
                    END, 0) AS same
            FROM instruction
            WHERE run = ? AND intent_id <> '' AND EXISTS (
                SELECT 1 FROM instruction twin INDEXED BY instruction_intent
                WHERE twin.account = instruction.account AND twin.intent_id = instruction.intent_id
                    AND twin.run = instruction.run AND twin.row <> instruction.row)
            WINDOW in_file AS (PARTITION BY intent_id ORDER BY row),
                before_it AS (
                    PARTITION BY intent_id ORDER BY row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        )
        WHERE before IS NOT NULL OR earliest <> priority
        """

    private static let linking = """
        UPDATE instruction SET after_row = link.before, same_action = link.same, priority = link.earliest
        FROM temp.link AS link WHERE instruction.run = ? AND instruction.row = link.row
        """

    /// Rows behind a row that was rejected with the import are found as rows freed by a settled one.
    private static let freeing = """
        UPDATE instruction SET started = 1
        WHERE run = ? AND outcome IS NULL AND after_row IN (
            SELECT row FROM instruction WHERE run = ? AND outcome IS NOT NULL)
        """

    private static func arguments(of row: Instruction, run: Int64, account: Int64) -> StatementArguments {
        var amount: Int64?
        if case .exactly(let money) = row.requested { amount = money.minorUnits }
        return [
            run, row.row, account, row.expiresAt ?? Int64.max, row.intentID, row.action.rawValue, row.line,
            amount,
            row.requested.currency?.code, stored(row.reason), stored(row.reference),
            PackedFields.packed(row.lineItems).map { Data($0) },
            row.externalData.map { Data(PackedFields.packed($0)) }, row.expiresAt,
        ]
    }

    /// The account's number. A run that left the import must not change its rows.
    @discardableResult
    private static func requireImporting(_ database: Database, _ run: RunRecord) throws -> Int64 {
        let account = try Int64.fetchOne(
            database, sql: "SELECT account FROM run WHERE id = ? AND state = ?",
            arguments: [run.id, RunState.importing.rawValue])
        guard let account else { throw StoreMessages.internalFault("run \(run.name) is not being imported") }
        return account
    }

    private static func json(of rules: RunRules) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(rules), as: UTF8.self)
    }
}

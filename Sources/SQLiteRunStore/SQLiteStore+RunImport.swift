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

    package func append(_ batch: ImportBatch, to run: RunRecord) async throws {
        try await writeWithoutForeignKeys { database in
            // The run that all rows refer to is there.
            let account = try Self.requireImporting(database, run)
            try Self.insert(batch, run: run.id, account: account, database)
            var settlements = try SettlementWriter(database, run: run.id, of: .isOpen)
            for rejected in batch.rejected {
                var settlement = Settlement(
                    row: rejected.row.row, action: rejected.row.action, outcome: .rejected, howKnown: .rule,
                    finishedAt: run.createdAt)
                settlement.code = rejected.code
                settlement.message = rejected.message
                try settlements.write(settlement)
            }
            try settlements.addSums()
        }
        // The next batch is ready. Other processes get a turn: they look every millisecond (`SQLiteStore`).
        try? await Task.sleep(for: .microseconds(1_500))
    }

    package func finish(_ run: RunRecord, rows: Int) async throws {
        // The look-ups take seconds where a million rows share their intents. They are done before the write lock is
        // taken, so that the runs of other processes commit meanwhile: nobody else changes the rows of a run that is
        // being imported.
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
            try database.execute(sql: Self.freeing, arguments: [run.id])
            try database.execute(
                sql: "UPDATE run SET state = ?, row_count = ? WHERE id = ?",
                arguments: [RunState.ready.rawValue, rows, run.id])
        }
    }

    /// The rows that share their intent with others, and those that were marked without reason. Only the intents of
    /// marked rows are looked up in the index, whatever other runs have in it.
    private static let links = """
        CREATE TEMP TABLE link AS
        SELECT row, before, same, earliest FROM (
            SELECT row, priority, after_row,
                lag(row) OVER in_file AS before,
                min(priority) OVER (
                    in_file ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS earliest,
                coalesce(
                    CASE action
                        WHEN 'cancel' THEN max(action = 'cancel') OVER before_it
                        ELSE max(action = 'capture') OVER before_it
                    END, 0) AS same
            FROM (
                SELECT DISTINCT account, intent_id FROM instruction INDEXED BY instruction_after
                WHERE run = ?1 AND after_row < 0
            ) AS marked
            CROSS JOIN instruction INDEXED BY instruction_intent USING (account, intent_id)
            WHERE run = ?1
            WINDOW in_file AS (PARTITION BY intent_id ORDER BY row),
                before_it AS (
                    PARTITION BY intent_id ORDER BY row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        )
        WHERE before IS NOT NULL OR earliest <> priority OR after_row IS NOT NULL
        """

    private static let linking = """
        UPDATE instruction SET after_row = link.before, same_action = link.same, priority = link.earliest
        FROM temp.link AS link WHERE instruction.run = ? AND instruction.row = link.row
        """

    /// Rows behind a row that was rejected with the import are found as rows freed by a settled one.
    private static let freeing = """
        UPDATE instruction INDEXED BY instruction_after SET started = 1
        WHERE run = ?1 AND after_row IS NOT NULL AND outcome IS NULL AND EXISTS (
            SELECT 1 FROM instruction before
            WHERE before.run = ?1 AND before.row = instruction.after_row AND before.outcome IS NOT NULL)
        """

    /// A row that may have an earlier one on its intent is marked: until `finish` links it, its own number with a minus
    /// stands for the number of that one, and `instruction_after` finds it. So the rows of an import, a million or
    /// more, need not each be looked up.
    private static func insert(
        _ batch: ImportBatch, run: Int64, account: Int64, _ database: Database
    ) throws {
        var insert = try BulkInsert(
            database, into: "instruction",
            [
                "run", "row", "account", "after_row", "priority", "intent_id", "action", "line", "amount",
                "currency", "reference", "reason", "line_items", "external_data", "expires_at",
            ], rows: batch.rows)
        for row in batch.good {
            bind(FaultyRow(row), of: batch, run, account, priority: row.expiresAt ?? .max, to: &insert)
            insert.bind(stored(row.reason))
            insert.bind(PackedFields.packed(row.lineItems))
            insert.bind(row.externalData.map { PackedFields.packed($0) })
            insert.bind(row.expiresAt)
            try insert.endRow()
        }
        for row in batch.rejected.lazy.map(\.row) {
            bind(row, of: batch, run, account, priority: .max, to: &insert)
            for _ in 0..<4 { insert.bindNull() }
            try insert.endRow()
        }
    }

    /// What good and rejected rows have in common.
    private static func bind(
        _ row: FaultyRow, of batch: ImportBatch, _ run: Int64, _ account: Int64, priority: Int64,
        to insert: inout BulkInsert
    ) {
        insert.bind(run)
        insert.bind(row.row)
        insert.bind(account)
        if batch.recurring.contains(row.row) { insert.bind(-row.row) } else { insert.bindNull() }
        insert.bind(priority)
        // Neither column may be NULL; '' is no action and no intent id.
        insert.bind(row.intentID ?? "")
        insert.bind(row.action?.rawValue ?? "")
        insert.bind(row.line)
        if case .exactly(let money) = row.requested {
            insert.bind(money.minorUnits)
        } else {
            insert.bindNull()
        }
        insert.bind(row.requested?.currency?.code)
        insert.bind(stored(row.reference))
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

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
            try database.execute(sql: Self.temporaryTables)
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
            try database.execute(sql: Self.temporaryTables)
            try Self.forgetLinks(database, run)
            try database.execute(sql: "DELETE FROM outcome_sum WHERE run = ?", arguments: [run.id])
            try database.execute(sql: "UPDATE run SET row_count = 0 WHERE id = ?", arguments: [run.id])
        }
    }

    package func append(_ batch: ImportBatch, to run: RunRecord) async throws {
        try await writeWithoutForeignKeys { database in
            // The run that all rows refer to is there.
            let account = try Self.requireImporting(database, run)
            let before = database.totalChangesCount
            try Self.insert(batch, run: run.id, account: account, database)
            // Counting all rows in the end would read them all.
            try database.execute(
                sql: "UPDATE run SET row_count = row_count + ? WHERE id = ?",
                arguments: [database.totalChangesCount - before, run.id])
            try Self.remember(batch.recurring, database, run)
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
            try database.execute(sql: Self.links, arguments: [run.id])
        }
        try await write { database in
            try Self.requireImporting(database, run)
            let count = try Int.fetchOne(
                database, sql: "SELECT row_count FROM run WHERE id = ?", arguments: [run.id])
            guard count == rows else {
                throw StoreMessages.internalFault(
                    "\(count ?? 0) rows of run \(run.name) were imported instead of \(rows)")
            }
            try database.execute(sql: Self.linking, arguments: [run.id])
            try Self.forgetLinks(database, run)
            try database.execute(sql: Self.freeing, arguments: [run.id])
            try database.execute(
                sql: "UPDATE run SET state = ? WHERE id = ?", arguments: [RunState.ready.rawValue, run.id])
        }
    }

    /// `recurring` has the rows that may have an earlier one on their intent, until `finish` links them: so the rows of
    /// an import, a million or more, need not each be looked up. `link` has what links them.
    ///
    /// They are this connection's; an import that was cut short is done again. Made where an import begins, since GRDB
    /// prepares all statements anew after each of these.
    private static let temporaryTables = """
        CREATE TEMP TABLE IF NOT EXISTS recurring (
            run INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (run, row)
        ) STRICT, WITHOUT ROWID;
        CREATE TEMP TABLE IF NOT EXISTS link (
            run INTEGER NOT NULL, row INTEGER NOT NULL, before INTEGER, same INTEGER NOT NULL,
            earliest INTEGER NOT NULL, PRIMARY KEY (run, row)
        ) STRICT, WITHOUT ROWID
        """

    private static func remember(_ rows: Set<Int>, _ database: Database, _ run: RunRecord) throws {
        var insert = try BulkInsert(database, into: "temp.recurring", ["run", "row"], rows: rows.count)
        for row in rows {
            insert.bind(run.id)
            insert.bind(row)
            try insert.endRow()
        }
    }

    private static func forgetLinks(_ database: Database, _ run: RunRecord) throws {
        for table in ["recurring", "link"] {
            try database.execute(sql: "DELETE FROM temp.\(table) WHERE run = ?", arguments: [run.id])
        }
    }

    /// The rows that share their intent with others. Only the intents of recurring rows are looked up in the index,
    /// whatever other runs have in it.
    private static let links = """
        INSERT OR REPLACE INTO temp.link (run, row, before, same, earliest)
        SELECT ?1, row, before, same, earliest FROM (
            SELECT row, priority,
                lag(row) OVER in_file AS before,
                min(priority) OVER (
                    in_file ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS earliest,
                coalesce(
                    CASE action
                        WHEN 'cancel' THEN max(action = 'cancel') OVER before_it
                        ELSE max(action = 'capture') OVER before_it
                    END, 0) AS same
            FROM (
                SELECT DISTINCT account, intent_id FROM temp.recurring CROSS JOIN instruction USING (run, row)
                WHERE run = ?1
            ) AS marked
            CROSS JOIN instruction INDEXED BY instruction_intent USING (account, intent_id)
            WHERE run = ?1
            WINDOW in_file AS (PARTITION BY intent_id ORDER BY row),
                before_it AS (
                    PARTITION BY intent_id ORDER BY row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        )
        WHERE before IS NOT NULL OR earliest <> priority
        """

    private static let linking = """
        UPDATE instruction SET after_row = link.before, same_action = link.same, priority = link.earliest
        FROM temp.link AS link
        WHERE link.run = ?1 AND instruction.run = ?1 AND instruction.row = link.row
        """

    /// Rows behind a row that was rejected with the import are found as rows freed by a settled one.
    private static let freeing = """
        UPDATE instruction INDEXED BY instruction_after SET started = 1
        WHERE run = ?1 AND after_row IS NOT NULL AND outcome IS NULL AND EXISTS (
            SELECT 1 FROM instruction before
            WHERE before.run = ?1 AND before.row = instruction.after_row AND before.outcome IS NOT NULL)
        """

    private static func insert(
        _ batch: ImportBatch, run: Int64, account: Int64, _ database: Database
    ) throws {
        var insert = try BulkInsert(
            database, into: "instruction",
            [
                "run", "row", "account", "priority", "intent_id", "action", "line", "amount",
                "currency", "reference", "reason", "line_items", "external_data", "expires_at",
            ], rows: batch.rows)
        // A row that is passed on from where it lies in the array is not copied.
        for index in batch.good.indices { try bindGood(batch.good[index], run, account, to: &insert) }
        for rejected in batch.rejected {
            let row = rejected.row
            insert.bind(run)
            insert.bind(row.row)
            insert.bind(account)
            insert.bind(Int64.max)
            // Neither column may be NULL; '' is no action and no intent id.
            insert.bind(row.intentID ?? "")
            insert.bind(row.action?.rawValue ?? "")
            insert.bind(row.line)
            bind(row.requested, row.reference, to: &insert)
            for _ in 0..<4 { insert.bindNull() }
            try insert.endRow()
        }
    }

    private static func bindGood(
        _ row: Instruction, _ run: Int64, _ account: Int64, to insert: inout BulkInsert
    ) throws {
        insert.bind(run)
        insert.bind(row.row)
        insert.bind(account)
        insert.bind(row.expiresAt ?? .max)
        insert.bind(row.intentID)
        insert.bind(row.action.rawValue)
        insert.bind(row.line)
        bind(row.requested, row.reference, to: &insert)
        insert.bind(stored(row.reason))
        insert.bind(PackedFields.packed(row.lineItems))
        insert.bind(row.externalData.map { PackedFields.packed($0) })
        insert.bind(row.expiresAt)
        try insert.endRow()
    }

    private static func bind(
        _ requested: RequestedAmount?, _ reference: String?, to insert: inout BulkInsert
    ) {
        if case .exactly(let money) = requested {
            insert.bind(money.minorUnits)
        } else {
            insert.bindNull()
        }
        insert.bind(requested?.currency?.code)
        insert.bind(stored(reference))
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

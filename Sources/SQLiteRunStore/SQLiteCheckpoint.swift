import GRDB
import Instructions
package import Pacing
package import Runs

extension SQLiteStore {
    /// The checkpoint of that run, for its execution. The run has left its import.
    ///
    /// - Parameter note: what the requester says of the execution, for the audit.
    package func checkpoint(of run: RunRecord, note: String? = nil) async throws -> SQLiteCheckpoint {
        let account = try await read { database in
            try Int64.fetchOne(
                database, sql: "SELECT account FROM run WHERE id = ? AND state <> ?",
                arguments: [run.id, RunState.importing.rawValue])
        }
        guard let account else { throw StoreMessages.internalFault("run \(run.name) has no rows yet") }
        return SQLiteCheckpoint(store: self, run: run.id, name: run.name, account: account, note: note)
    }
}

/// The progress of one run in the database.
package struct SQLiteCheckpoint: RunStore {
    let store: SQLiteStore
    let run: Int64
    let name: String
    let account: Int64
    let note: String?

    package func past() async throws -> RunPast {
        try await store.read { [run] in try SQLiteStore.past($0, run: run) }
    }

    package func loadStarted() async throws -> [PendingRow] {
        try await store.read { [run, account] database in
            try Self.pendingRows(
                database, run: run, account: account, index: "instruction_started",
                where: "i.run = ? AND i.started = 1 AND i.outcome IS NULL ORDER BY i.priority, i.row",
                [run]
            ).map { row in
                var row = row
                row.attempts = try SQLiteStore.attempts(database, run: run, row: row.instruction.row)
                return row
            }
        }
    }

    package func loadWaiting(after cursor: LoadCursor?, limit: Int) async throws -> [PendingRow] {
        try await store.read { [run, account] database in
            try Self.pendingRows(
                database, run: run, account: account, index: "instruction_waiting",
                where: """
                    i.run = ? AND i.started = 0 AND i.after_row IS NULL AND i.outcome IS NULL
                    AND (i.priority, i.row) > (?, ?) ORDER BY i.priority, i.row LIMIT ?
                    """, [run, cursor?.priority ?? Int64.min, cursor?.row ?? 0, limit])
        }
    }

    package func commit(_ units: [WriteUnit], calls: CallCounts) async throws -> [UnitResult] {
        if units.isEmpty && calls == CallCounts() { return [] }
        let (run, account, isExecuting) = (run, account, store.isExecuting)
        return try await store.write { database in
            var writer = try UnitWriter(database, run: run, account: account, isExecuting: isExecuting)
            let results = try units.map { try writer.write($0) }
            try writer.finish(calls)
            return results
        }
    }

    package func begin(actor: String, at time: WallTime) async throws {
        let (run, account, name, note, facts) = (run, account, name, note, store.facts)
        try await store.write { database in
            try database.execute(
                sql: """
                    UPDATE run SET state = 'running', executions = executions + 1, ended_at = NULL,
                        stopped_by = NULL, started_at = coalesce(started_at, ?)
                    WHERE id = ? AND state IN ('ready', 'running', 'stopped')
                    """, arguments: [time.milliseconds, run])
            try Self.requireOneChange(database, "run number \(run) cannot be executed in its state")
            try database.execute(
                sql: """
                    INSERT INTO execution (run, number, actor, pid, host, boot_id, started_at)
                    SELECT id, executions, ?, ?, ?, ?, ? FROM run WHERE id = ?
                    """,
                arguments: [actor, facts.pid, facts.host, facts.bootID, time.milliseconds, run])
            // Rows whose attempts the execution before left open. Of other runs there are as few.
            try database.execute(
                sql: """
                    UPDATE instruction SET started = 1 WHERE run = ?1 AND outcome IS NULL AND row IN (
                        SELECT row FROM attempt INDEXED BY attempt_open
                        WHERE account = ?2 AND answer IS NULL AND run = ?1)
                    """, arguments: [run, account])
            let entry = AuditEntry(.started, at: time, actor: actor, note: note, run: name)
            try SQLiteStore.note(entry, database, facts)
        }
    }

    package func end(stoppedBy: StopReason?, at time: WallTime) async throws {
        let (run, name, facts) = (run, name, store.facts)
        try await store.write { database in
            if stoppedBy == nil { try Self.requireEveryRowSettled(database, run) }
            let state: RunState = stoppedBy == nil ? .finished : .stopped
            try database.execute(
                sql:
                    """
                    UPDATE run SET state = ?, ended_at = ?, stopped_by = ? WHERE id = ? AND state = 'running'
                    """,
                arguments: [state.rawValue, time.milliseconds, stoppedBy?.rawValue, run])
            try Self.requireOneChange(database, "run number \(run) is not being executed")
            try database.execute(
                sql: """
                    UPDATE execution SET ended_at = ?, stopped_by = ?
                    WHERE run = ? AND number = (SELECT executions FROM run WHERE id = ?)
                    """, arguments: [time.milliseconds, stoppedBy?.rawValue, run, run])
            let actor = try String.fetchOne(
                database, sql: "SELECT actor FROM execution WHERE run = ? ORDER BY number DESC LIMIT 1",
                arguments: [run])
            var entry = AuditEntry(
                stoppedBy == nil ? .finished : .stopped, at: time, actor: actor ?? "", run: name)
            entry.detail = stoppedBy.map { "by \($0.rawValue)" }
            try SQLiteStore.note(entry, database, facts)
        }
    }

    /// P2: the counters tie out before a run is called finished.
    private static func requireEveryRowSettled(_ database: Database, _ run: Int64) throws {
        let open = try Int.fetchOne(
            database,
            sql: """
                SELECT row_count - (SELECT coalesce(sum(row_count), 0) FROM outcome_sum WHERE run = ?1)
                FROM run WHERE id = ?1
                """, arguments: [run])
        guard open == 0 else {
            throw StoreMessages.internalFault(
                "run number \(run) ends with \(open ?? 0) rows without an outcome")
        }
    }

    private static func requireOneChange(_ database: Database, _ otherwise: String) throws {
        guard database.changesCount == 1 else { throw StoreMessages.internalFault(otherwise) }
    }

    /// Rows without an outcome, with what the row guard judges them by; without their attempts.
    ///
    /// Without INDEXED BY the planner, which has no statistics here, scans all rows of the run for some of
    /// these conditions; with it a statement that cannot use the index does not even compile
    /// (https://sqlite.org/lang_indexedby.html).
    static func pendingRows(
        _ database: Database, run: Int64, account: Int64, index: String, where condition: String,
        _ arguments: StatementArguments
    ) throws -> [PendingRow] {
        var rows = try database.rows(
            """
            SELECT \(Columns.pending) FROM instruction i INDEXED BY \(index)
            LEFT JOIN instruction e ON e.run = i.run AND e.row = i.after_row
            WHERE \(condition)
            """, arguments
        ) { try $0.pending() }
        guard try Elsewhere.hasOtherRuns(database, account: account, run: run) else { return rows }
        for index in rows.indices {
            rows[index].elsewhere = try Elsewhere.rows(
                database, account: account, run: run, like: rows[index].instruction)
        }
        return rows
    }
}

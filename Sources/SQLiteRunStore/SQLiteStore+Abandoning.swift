import GRDB
import Instructions
package import Pacing
package import Runs

extension SQLiteStore {
    /// Gives a run up for good, in one transaction: rows without an open attempt become `not_sent`, the others
    /// `unconfirmed`. Its caller holds the run's lock. Throws `RunStoreError`, with `.internalFault` for a run that
    /// is over or being imported.
    package func abandon(_ run: RunRecord, actor: String, note: String, at time: WallTime) async throws {
        let facts = facts
        try await write { database in
            let arguments: StatementArguments = [run.id, time.milliseconds, stored("\(actor): \(note)")]
            try database.execute(
                sql: """
                    UPDATE instruction SET outcome = 'unconfirmed', how_known = 'none', code = 'abandoned',
                        message = 'a call was on its way when the run was abandoned (' || ?3 || ')',
                        finished_at = ?2, \(Self.asAttempted)
                    WHERE run = ?1 AND outcome IS NULL AND EXISTS (SELECT 1 FROM attempt t
                        WHERE t.run = ?1 AND t.row = instruction.row AND t.answer IS NULL)
                    """, arguments: arguments)
            try database.execute(
                sql: """
                    UPDATE instruction SET outcome = 'not_sent', how_known = 'rule', code = 'abandoned',
                        message = 'the run was abandoned before this row took effect (' || ?3 || ')',
                        finished_at = ?2, sends = (SELECT count(*) FROM attempt t
                            WHERE t.run = ?1 AND t.row = instruction.row),
                        asked = amount, asked_currency = CASE WHEN amount IS NULL THEN NULL ELSE currency END
                    WHERE run = ?1 AND outcome IS NULL
                    """, arguments: arguments)
            try database.execute(
                sql: """
                    UPDATE attempt SET answer = 'ambiguous', closed_at = ?2
                    WHERE run = ?1 AND answer IS NULL
                    """, arguments: [run.id, time.milliseconds])
            try Self.recountSums(database, run: run.id)
            try database.execute(
                sql: """
                    UPDATE run SET state = 'abandoned', ended_at = ?2, stopped_by = NULL,
                        newest_at = max(newest_at, ?2)
                    WHERE id = ?1 AND state IN ('ready', 'running', 'stopped')
                    """, arguments: [run.id, time.milliseconds])
            guard database.changesCount == 1 else {
                throw StoreMessages.internalFault("run \(run.name) cannot be abandoned in its state")
            }
            try Self.note(
                AuditEntry(.abandoned, at: time, actor: actor, note: note, run: run.name), database, facts)
        }
    }

    /// What the row's newest attempt asked for.
    private static let asAttempted = """
        (asked, asked_currency, key, sends) = (SELECT t.amount, t.currency, t.key, t.number FROM attempt t
            WHERE t.run = ?1 AND t.row = instruction.row ORDER BY t.number DESC LIMIT 1)
        """

    /// A person's command may count once what the hot path never scans.
    private static func recountSums(_ database: Database, run: Int64) throws {
        try database.execute(sql: "DELETE FROM outcome_sum WHERE run = ?", arguments: [run])
        try database.execute(
            sql: """
                INSERT INTO outcome_sum (run, action, currency, outcome, row_count, asked, applied)
                SELECT run, action, coalesce(asked_currency, applied_currency, ''), outcome, count(*),
                    coalesce(sum(asked), 0), coalesce(sum(applied), 0)
                FROM instruction WHERE run = ? GROUP BY 1, 2, 3, 4
                """, arguments: [run])
    }
}

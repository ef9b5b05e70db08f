import GRDB
import Pacing
package import Runs

extension SQLiteStore {
    /// Adds an entry, with this process's host and number.
    package func note(_ entry: AuditEntry) async throws {
        let facts = facts
        try await write { try Self.note(entry, $0, facts) }
    }

    /// The entries of a run, oldest first.
    package func audit(of run: RunRecord) async throws -> [AuditEntry] {
        try await audit(where: "u.run = ?", [run.id])
    }

    /// The entries about files of that content that have no run: refusals and plans. Oldest first.
    package func audit(ofInput sha256: String) async throws -> [AuditEntry] {
        try await audit(where: "u.run IS NULL AND u.sha256 = ?", [sha256])
    }

    private func audit(where condition: String, _ arguments: StatementArguments) async throws -> [AuditEntry]
    {
        try await read { database in
            try database.rows(
                """
                SELECT u.event, u.at, u.actor, u.note, r.name, u.file, u.sha256, u.detail, u.host, u.pid
                FROM audit u LEFT JOIN run r ON r.id = u.run WHERE \(condition) ORDER BY u.id
                """, arguments
            ) { try $0.auditEntry() }
        }
    }

    /// Inside the transaction of what it tells of, so that neither is there without the other.
    static func note(_ entry: AuditEntry, _ database: Database, _ facts: ProcessFacts) throws {
        try database.execute(
            sql: """
                INSERT INTO audit (event, at, actor, note, run, file, sha256, detail, host, pid)
                VALUES (?, ?, ?, ?, (SELECT id FROM run WHERE name = ?), ?, ?, ?, ?, ?)
                """,
            arguments: [
                entry.event.rawValue, entry.at.milliseconds, stored(entry.actor), stored(entry.note),
                entry.run,
                stored(entry.file), entry.sha256, stored(entry.detail), facts.host, facts.pid,
            ])
    }
}

extension Columns {
    fileprivate mutating func auditEntry() throws -> AuditEntry {
        var entry = AuditEntry(
            try word(AuditEntry.Event.self), at: time(), actor: text(), note: optionalText(),
            run: optionalText())
        entry.file = optionalText()
        entry.sha256 = optionalText()
        entry.detail = optionalText()
        entry.host = text()
        entry.pid = Int32(truncatingIfNeeded: int64())
        return entry
    }
}

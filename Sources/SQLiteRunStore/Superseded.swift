import GRDB
import Instructions
import Runs

/// What an older revision of a run's report shows in place of the newest settlements.
enum Superseded {
    /// The settlements of rows that were resolved after the run's revision, as that revision shows them, by row.
    /// As many as rows were resolved in that range.
    static func settlements(
        _ database: Database, of run: RunRecord, rows: ClosedRange<Int>
    ) throws -> [Int: Settlement] {
        let found = try database.rows(
            """
            SELECT \(Columns.settlement) FROM resolution
            WHERE run = ? AND row BETWEEN ? AND ? AND revision > ? ORDER BY row, revision DESC
            """, [run.id, rows.lowerBound, rows.upperBound, run.revision]
        ) { try $0.settlement() }
        // The oldest one comes last and is what stood at the revision.
        return Dictionary(found.map { ($0.row, $0) }) { _, older in older }
    }

    /// The newest settlements of the rows that were resolved after the run's revision.
    static func replacements(_ database: Database, of run: RunRecord) throws -> [Settlement] {
        try database.rows(
            """
            SELECT \(Columns.settlement) FROM instruction WHERE run = ?1 AND row IN
                (SELECT row FROM resolution WHERE run = ?1 AND revision > ?2)
            """, [run.id, run.revision]
        ) { try $0.settlement() }
    }
}

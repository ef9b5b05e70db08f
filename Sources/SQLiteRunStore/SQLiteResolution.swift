import GRDB
import Instructions
package import Pacing
package import Runs

extension SQLiteStore {
    /// The unconfirmed rows of a run that nothing executes, to be resolved. What is found out belongs to the next
    /// revision of the report where one was published.
    package func resolution(of run: RunRecord, actor: String, note: String?) -> SQLiteResolution {
        let revision = run.state.isOver ? run.revision + 1 : run.revision
        return SQLiteResolution(store: self, run: run.id, revision: revision, actor: actor, note: note)
    }
}

/// What is found out about unconfirmed rows. The settlement that a row had is kept beside the new one, so that the
/// report that shows it can be written again.
package struct SQLiteResolution: RunStore {
    let store: SQLiteStore
    let run: Int64
    /// The revision of the report that will show what is found out.
    let revision: Int
    let actor: String
    let note: String?

    package func past() async throws -> RunPast {
        try await store.read { [run] in try SQLiteStore.past($0, run: run) }
    }

    package func loadStarted() async throws -> [PendingRow] { [] }

    package func loadWaiting(after cursor: LoadCursor?, limit: Int) async throws -> [PendingRow] {
        try await store.read { [run] database in
            var rows = try database.rows(
                """
                SELECT \(Columns.pending) FROM instruction i INDEXED BY instruction_resolvable
                LEFT JOIN instruction e ON e.run = i.run AND e.row = i.after_row
                WHERE i.run = ? AND i.outcome = 'unconfirmed' AND (i.priority, i.row) > (?, ?)
                ORDER BY i.priority, i.row LIMIT ?
                """, [run, cursor?.priority ?? Int64.min, cursor?.row ?? 0, limit]
            ) { try $0.pending() }
            for index in rows.indices {
                rows[index].attempts = try SQLiteStore.attempts(
                    database, run: run, row: rows[index].instruction.row)
            }
            return rows
        }
    }

    /// Takes settlements only: nothing else may happen to a row whose outcome stands.
    package func commit(_ units: [WriteUnit], calls: CallCounts) async throws -> [UnitResult] {
        guard !units.isEmpty else { return [] }
        let (run, revision, actor, note) = (run, revision, actor, note)
        return try await store.write { database in
            var settlements = try SettlementWriter(database, run: run, of: .isUnconfirmed)
            for write in units.flatMap(\.writes) {
                guard case .settle(let settlement) = write else {
                    throw StoreMessages.internalFault("an attempt of a row that is resolved was written")
                }
                let earlier = try Self.keep(settlement, database, run, revision, actor, note)
                try settlements.uncount(earlier)
                try settlements.write(settlement)
            }
            try settlements.addSums()
            try database.execute(
                sql: "UPDATE run SET revision = ? WHERE id = ?", arguments: [revision, run])
            return units.map { _ in .committed(released: []) }
        }
    }

    package func begin(actor: String, at time: WallTime) async throws {}

    package func end(stoppedBy: StopReason?, at time: WallTime) async throws {}

    /// Keeps the settlement that the new one replaces, and returns it.
    private static func keep(
        _ settlement: Settlement, _ database: Database, _ run: Int64, _ revision: Int, _ actor: String,
        _ note: String?
    ) throws -> Settlement {
        try database.execute(
            sql: """
                INSERT INTO resolution (run, revision, actor, note, resolved_at, \(Columns.settlement))
                SELECT ?, ?, ?, ?, ?, \(Columns.settlement) FROM instruction
                WHERE run = ? AND row = ? AND outcome = 'unconfirmed'
                """,
            arguments: [
                run, revision, actor, stored(note), settlement.finishedAt.milliseconds, run, settlement.row,
            ])
        let replaced = try database.rows(
            "SELECT \(Columns.settlement) FROM instruction WHERE run = ? AND row = ?", [run, settlement.row]
        ) { try $0.settlement() }
        guard let replaced = replaced.first else {
            throw StoreMessages.internalFault("row \(settlement.row) is no row, and was to be resolved")
        }
        return replaced
    }
}

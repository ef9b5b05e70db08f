import GRDB
import Instructions
import Runs
import TestSupport
import Testing

@testable import SQLiteRunStore

@Suite("Linking the rows on one intent")
struct LinkingTests {
    private typealias Samples = RunStoreSamples

    private struct Link: Equatable {
        var row: Int
        var after: Int?
        var isSame = false
        var priority: Int64
        var started = false
    }

    @Test(
        "rows are linked as a look at all rows of the file would", arguments: [5, 60, 10_000], [false, true])
    func asPlain(intents: Int, isNext: Bool) async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        // The same intents in another run must not be taken for the file's.
        if isNext { try await take(Self.rows(intents), [], as: "before", store) }
        let rows = Self.rows(intents)
        let rejected = Set(rows.map(\.row).filter { $0 % 11 == 0 })
        let run = try await take(rows, rejected, as: "run", store)
        let links = try await store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT row, after_row, same_action, priority, started FROM instruction WHERE run = ?
                    ORDER BY row
                    """, arguments: [run.id]
            ).map { Link(row: $0[0], after: $0[1], isSame: $0[2], priority: $0[3], started: $0[4]) }
        }
        #expect(links == Self.plainLinks(rows, rejected))
        try store.close()
    }

    @discardableResult
    private func take(
        _ rows: [Instruction], _ rejected: Set<Int>, as name: String, _ store: SQLiteStore
    ) async throws -> RunRecord {
        let run = try await store.create(Samples.newRun(name))
        var batches = ImportBatches()
        for row in rows {
            if rejected.contains(row.row) {
                batches.add(RejectedRow(row: FaultyRow(row), code: "duplicate", message: "as before"))
            } else {
                batches.add(row)
            }
            if batches.rows == 70 { try await store.append(batches.take(), to: run) }
        }
        try await store.append(batches.take(), to: run)
        try await store.finish(run, rows: rows.count)
        return run
    }

    private static func rows(_ intents: Int) -> [Instruction] {
        (1...300).map { row in
            let intentID = "pi_\(Int.random(in: 0..<intents))"
            return Bool.random()
                ? Samples.cancel(row, intentID, expiresAt: Bool.random() ? Int64.random(in: 1...9) : nil)
                : Samples.capture(row, intentID, minorUnits: 1)
        }
    }

    private static func plainLinks(_ rows: [Instruction], _ rejected: Set<Int>) -> [Link] {
        func priority(_ row: Instruction) -> Int64 {
            rejected.contains(row.row) ? .max : row.expiresAt ?? .max
        }
        return rows.map { row in
            let sharing = rows.filter { $0.intentID == row.intentID }
            let earlier = sharing.filter { $0.row < row.row }
            var link = Link(row: row.row, priority: sharing.map(priority).min() ?? .max)
            link.after = earlier.last?.row
            link.isSame = earlier.contains { $0.action == row.action }
            link.started =
                !rejected.contains(row.row) && link.after.map { rejected.contains($0) } ?? false
            return link
        }
    }
}

import GRDB
import Instructions
import TestSupport
import Testing

@testable import Runs
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
        #expect(try await links(of: run, store) == Self.plainLinks(rows, rejected))
        try store.close()
    }

    @Test("rows that share nothing are not written again, though all are said to recur")
    func withoutReason() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let rows = (1...300).map { Samples.cancel($0, "pi_\($0 <= 8 ? $0 / 2 : $0)") }
        let run = try await store.create(Samples.newRun("run"))
        for var batch in Self.batches(rows, []) {
            batch.recurring = Set(batch.good.map(\.row))
            try await store.append(batch, to: run)
        }
        try await store.write { database in
            try database.execute(
                sql: """
                    CREATE TEMP TABLE written (row INTEGER);
                    CREATE TEMP TRIGGER rewritten AFTER UPDATE ON main.instruction
                        BEGIN INSERT INTO written VALUES (new.row); END
                    """)
        }
        try await store.finish(run, rows: rows.count)
        let written = try await store.read {
            try Int.fetchAll($0, sql: "SELECT row FROM written ORDER BY row")
        }
        #expect(written == [3, 5, 7])
        #expect(try await links(of: run, store) == Self.plainLinks(rows, []))
        try store.close()
    }

    @Test("imports at once, and one that is done again, link their own rows only")
    func interleaved() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let names = ["a", "b", "again"]
        var runs: [String: RunRecord] = [:]
        for name in names { runs[name] = try await store.create(Samples.newRun(name)) }
        let again = try #require(runs["again"])
        for batch in Self.batches(Self.rows(20), []) { try await store.append(batch, to: again) }
        try await store.clearRows(of: again)
        let files = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.rows(60)) })
        for index in 0..<5 {
            for name in names {
                let (run, rows) = try (#require(runs[name]), #require(files[name]))
                try await store.append(Self.batches(rows, [])[index], to: run)
            }
        }
        try await withThrowingTaskGroup { group in
            for run in runs.values { group.addTask { try await store.finish(run, rows: 300) } }
            try await group.waitForAll()
        }
        for name in names {
            let (run, rows) = try (#require(runs[name]), #require(files[name]))
            #expect(try await links(of: run, store) == Self.plainLinks(rows, []))
        }
        try store.close()
    }

    private func links(of run: RunRecord, _ store: SQLiteStore) async throws -> [Link] {
        try await store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT row, after_row, same_action, priority, started FROM instruction WHERE run = ?
                    ORDER BY row
                    """, arguments: [run.id]
            ).map { Link(row: $0[0], after: $0[1], isSame: $0[2], priority: $0[3], started: $0[4]) }
        }
    }

    @discardableResult
    private func take(
        _ rows: [Instruction], _ rejected: Set<Int>, as name: String, _ store: SQLiteStore
    ) async throws -> RunRecord {
        let run = try await store.create(Samples.newRun(name))
        for batch in Self.batches(rows, rejected) { try await store.append(batch, to: run) }
        try await store.finish(run, rows: rows.count)
        return run
    }

    /// Of 70 rows each; the last one has the rest.
    private static func batches(_ rows: [Instruction], _ rejected: Set<Int>) -> [ImportBatch] {
        var batches = ImportBatches()
        var all: [ImportBatch] = []
        for row in rows {
            if rejected.contains(row.row) {
                batches.add(RejectedRow(row: FaultyRow(row), code: "duplicate", message: "as before"))
            } else {
                batches.add(row)
            }
            if batches.rows == 70 { all.append(batches.take()) }
        }
        return all + [batches.take()]
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

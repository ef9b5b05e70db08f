import Dispatch
import GRDB
import Instructions
import Runs
import TestSupport
import Testing

@testable import SQLiteRunStore

@Suite("Operating failures of the store")
struct FailureTests {
    private typealias Samples = RunStoreSamples

    @Test("a full disk is a disk failure, nothing of the commit is kept, and there is a way on")
    func full() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let (run, checkpoint) = try await ready(store, rows: 2_000)
        let units = (1...2_000).map { row in
            WriteUnit(
                id: row, writes: [.open(Samples.attempt(row, "pi_\(row)", snapshot: Samples.intent("pi_1")))])
        }
        try await limit(store, toPages: "(SELECT page_count + 20 FROM pragma_page_count)")
        let error = await #expect(throws: RunStoreError.self) {
            try await checkpoint.commit(units, calls: CallCounts(changes: 9, reads: 9, retries: 9))
        }
        #expect(error?.code == .disk)
        try await checkpoint.begin(actor: "ann", at: Samples.start)
        #expect(try await checkpoint.loadStarted() == [])
        #expect(try await store.run(named: run.name).calls == CallCounts())

        try await limit(store, toPages: "1000000")
        let results = try await checkpoint.commit(units, calls: CallCounts())
        #expect(results.count == 2_000)
        try await checkpoint.begin(actor: "ann", at: Samples.start)
        #expect(try await checkpoint.loadStarted().count == 2_000)
        try store.close()
    }

    @Test("a database that cannot be written is a disk failure")
    func readOnly() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let (_, checkpoint) = try await ready(store, rows: 1)
        try await store.read { try $0.execute(sql: "PRAGMA query_only = 1") }
        let error = await #expect(throws: RunStoreError.self) {
            _ = try await checkpoint.commit(
                [WriteUnit(id: 1, writes: [.settle(Samples.settlement(1))])], calls: CallCounts())
        }
        #expect(error?.code == .disk)
        try store.close()
    }

    @Test("another connection's transaction is waited for and then reported as busy")
    func busy() async throws {
        let temporary = try TemporaryStore()
        let holder = try temporary.open()
        let waiter = try temporary.open(busyTimeout: .milliseconds(50))
        let release = DispatchSemaphore(value: 0)
        let (held, isHeld) = AsyncStream.makeStream(of: Void.self)
        // GRDB does its work on a thread of its own, so it is that thread which waits here.
        async let holding: Void = holder.write { _ in
            isHeld.finish()
            release.wait()
        }
        for await _ in held {}
        let error = await #expect(throws: RunStoreError.self) {
            _ = try await waiter.create(Samples.newRun("run"))
        }
        #expect(error?.code == .busy)
        #expect(try await waiter.runs() == [], "readers never wait for a writer")
        release.signal()
        try await holding
        _ = try await waiter.create(Samples.newRun("run"))
        #expect(try await holder.runs().count == 1)
        try holder.close()
        try waiter.close()
    }

    @Test("cancelling the task that commits does not undo or lose the commit")
    func cancellation() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let (run, checkpoint) = try await ready(store, rows: 1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await checkpoint.commit(
                [WriteUnit(id: 1, writes: [.settle(Samples.settlement(1))])], calls: CallCounts())
        }
        #expect(try await task.value == [.committed(released: [])])
        #expect(try await store.settlements(of: run, after: 0, limit: 9) == [Samples.settlement(1)])
        try store.close()
    }

    @Test("a sum that does not fit is refused instead of wrapping round")
    func overflow() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let (run, checkpoint) = try await ready(store, rows: 3)
        func settle(_ rows: [Int]) async throws {
            let writes = rows.map { RunWrite.settle(Samples.settlement($0, asked: .max, applied: 1)) }
            _ = try await checkpoint.commit([WriteUnit(id: 1, writes: writes)], calls: CallCounts())
        }
        await #expect(throws: RunStoreError.self) { try await settle([1, 2]) }
        try await settle([1])
        await #expect(throws: RunStoreError.self) { try await settle([2]) }
        #expect(try await store.sums(of: run).map(\.asked) == [.max])
        try store.close()
    }

    @Test("a zero byte in a text is stored as a replacement character, not as an end")
    func zeroByte() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let (run, checkpoint) = try await ready(store, rows: 1)
        var settlement = Samples.settlement(1)
        settlement.message = "a\0b"
        _ = try await checkpoint.commit(
            [WriteUnit(id: 1, writes: [.settle(settlement)])], calls: CallCounts())
        #expect(try await store.settlements(of: run, after: 0, limit: 1).first?.message == "a\u{FFFD}b")
        try store.close()
    }

    private func ready(_ store: SQLiteStore, rows: Int) async throws -> (RunRecord, SQLiteCheckpoint) {
        let run = try await store.create(Samples.newRun("run"))
        try await store.append(
            Samples.batch((1...rows).map { Samples.cancel($0, "pi_\($0)") }), to: run)
        try await store.finish(run, rows: rows)
        let checkpoint = try await store.checkpoint(of: run)
        try await checkpoint.begin(actor: "ann@host", at: Samples.start)
        return (run, checkpoint)
    }

    private func limit(_ store: SQLiteStore, toPages pages: String) async throws {
        try await store.read { database in
            let count = try Int.fetchOne(database, sql: "SELECT \(pages)") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(count)")
        }
    }
}

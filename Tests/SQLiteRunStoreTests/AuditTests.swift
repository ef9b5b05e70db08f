import GRDB
import Instructions
import Pacing
import Runs
import TestSupport
import Testing

@testable import SQLiteRunStore

@Suite("The audit")
struct AuditTests {
    private typealias Samples = RunStoreSamples

    @Test("a run's claim, starts and end are noted with who, where and when")
    func life() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let run = try await store.create(Samples.newRun("one"))
        try await store.append(Samples.batch([Samples.cancel(1, "pi_1")]), to: run)
        try await store.finish(run, rows: 1)
        let later = Samples.start.advanced(by: .seconds(5))
        let first = try await store.checkpoint(of: run, note: "by hand")
        try await first.begin(actor: "ann", at: later)
        try await first.end(stoppedBy: .signal, at: later)
        try await store.abandon(run, actor: "bob", note: "wrong file", at: later)
        var entry = AuditEntry(.reported, at: later, actor: "bob", run: run.name)
        entry.detail = "/reports/one"
        try await store.note(entry)

        let audit = try await store.audit(of: run)
        #expect(audit.map(\.event) == [.claimed, .started, .stopped, .abandoned, .reported])
        #expect(audit.map(\.actor) == ["ann@host", "ann", "ann", "bob", "bob"])
        #expect(audit.map(\.note) == ["monthly\nround", "by hand", nil, "wrong file", nil])
        #expect(audit.map(\.detail) == [nil, nil, "by signal", nil, "/reports/one"])
        #expect(audit[0].file == "/in/cancellations.csv" && audit[0].sha256 == "sha-of-one")
        #expect(audit[0].at == Samples.start && audit[1].at == later)
        #expect(audit.allSatisfy { $0.host == "host" && $0.pid == 7 && $0.run == "one" })
        try store.close()
    }

    @Test("a file without a run is found by its content")
    func refusal() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        var entry = AuditEntry(.refused, at: Samples.start, actor: "ann", note: "zero \0 inside")
        entry.file = "/in/x.csv"
        entry.sha256 = "abc"
        try await store.note(entry)
        let found = try await store.audit(ofInput: "abc")
        #expect(found.map(\.file) == ["/in/x.csv"] && found.first?.run == nil)
        #expect(found.first?.note == "zero \u{FFFD} inside")
        #expect(try await store.audit(ofInput: "other").isEmpty)
        try store.close()
    }

    @Test("entries are never changed and never removed")
    func onlyAddedTo() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        try await store.note(AuditEntry(.planned, at: Samples.start, actor: "ann"))
        for statement in ["UPDATE audit SET actor = 'eve'", "DELETE FROM audit"] {
            await #expect(throws: RunStoreError.self) {
                try await store.write { try $0.execute(sql: statement) }
            }
        }
        #expect(try await store.read { try String.fetchAll($0, sql: "SELECT actor FROM audit") } == ["ann"])
        try store.close()
    }
}

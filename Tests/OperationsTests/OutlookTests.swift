import Foundation
import Instructions
import Pacing
import Reports
import Runs
import SQLiteRunStore
import Settings
import TestSupport
import Testing

@testable import Operations

@Suite("What a run still needs")
struct OutlookTests {
    @Test("a look at a run trusts no past that nobody knows: the account was called, and its book is gone")
    func lostBook() async throws {
        let folder = NSTemporaryDirectory() + "intentbatch-outlook-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = StateLayout(directory: folder)
        let name = try await stoppedRun(in: state)
        // What another account called made the database anew.
        try book(in: folder, of: "another").close()

        let lookup = try RunsLookup(state: state)
        defer { lookup.close() }
        var settings = AccountSettings(name: "live", gateway: "useepay", line: 1)
        settings.limits = [RateLimit(calls: 5, window: .seconds(600))]
        let summary = try await lookup.summary(of: lookup.run(named: name))
        let outlook = try #require(try await lookup.outlook(of: summary, under: settings))
        #expect(outlook.forecast.duration > .seconds(590))

        let book = try book(in: folder, of: summary.run.identity)
        defer { try? book.close() }
        let demand = CallBook.Demand(
            claimant: 1, calls: 1, limits: [CallLimit(calls: 5, length: .seconds(600))])
        let answer = try await book.update { book, now in book.take(demand, now: now.monotonic) }
        guard case .wait = answer else {
            Issue.record("the next run was given \(answer)")
            return
        }
    }

    private func stoppedRun(in state: StateLayout) async throws -> String {
        let store = try state.openStore()
        defer { try? store.close() }
        let run = try await store.create(RunStoreSamples.newRun("stopped"))
        try await store.append(RunStoreSamples.batch([RunStoreSamples.cancel(1, "pi_1")]), to: run)
        try await store.finish(run, rows: 1)
        let checkpoint = try await store.checkpoint(of: run)
        try await checkpoint.begin(actor: "ann", at: RunStoreSamples.start)
        try await checkpoint.end(stoppedBy: .signal, at: RunStoreSamples.start)
        return run.name
    }

    private func book(in folder: String, of account: String) throws -> SharedCallBook {
        try SharedCallBook(
            directory: folder, account: account, isPastKnown: true, timekeeper: SystemTimekeeper())
    }
}

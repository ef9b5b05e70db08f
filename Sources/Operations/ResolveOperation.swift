import Gateways
import Instructions
import Pacing
package import Reports
package import Runs
import SQLiteRunStore
import Settings
import Spool

/// Reads unconfirmed rows again to find out what became of them. Never sends a money-changing call.
package struct ResolveOperation: Sendable {
    private let place: Workplace

    package init(_ place: Workplace) { self.place = place }

    /// - Throws: `OperationError` and what the rooms throw.
    package func resolve(_ run: RunRecord, stops: AsyncStream<Stop>) async throws -> Resolution {
        let store = try place.openStore()
        defer { try? store.close() }
        let execution = Execution(place: place, store: store)
        return try await Resolution.during(
            run, store: store, state: place.state, as: .resolved, by: place.requester
        ) { run in
            try execution.checkIdentity(run)
            try await RestoredStoreCheck.check(run.rules.reportsDirectory, place.account.identity, store)
            guard try await store.unconfirmedRows(of: run) > 0 else { return nil }
            let resolution = store.resolution(
                of: run, actor: place.requester.name, note: place.requester.note)
            return try await execution.drive(
                run, purpose: .resolve(lateBound: .milliseconds(run.rules.lateBoundMilliseconds)),
                on: resolution, past: try await resolution.past(), stops: stops)
        }
    }
}

/// What became of the unconfirmed rows of a run.
package struct Resolution: Sendable {
    package let summary: Summary
    /// Rows that were unconfirmed and no longer are.
    package let resolved: Int
    /// The new revision's report; nil when nothing was found out, or the run is not over and has no report yet.
    package let reportDirectory: String?
    /// Why it ended early, if it did.
    package let stop: Stop?

    /// Does the work with the run's lock held and publishes the revision that shows what it found out. A report that
    /// a crash prevented is published before.
    static func during(
        _ named: RunRecord, store: SQLiteStore, state: StateLayout, as event: AuditEntry.Event,
        by requester: Requester, _ work: (RunRecord) async throws -> Stop?
    ) async throws -> Resolution {
        let lock = try DirectoryLock.acquire(state.runLock(named.name))
        defer { lock.release() }
        let before = try await store.run(named: named.name)
        guard before.state != .importing else {
            throw OperationError(
                .missing, "run \(before.name) ended while its rows were read in; nothing was sent",
                next: "intentbatch run \(before.input.path)")
        }
        if before.state.isOver {
            if state.isUnreported(before.name) {
                _ = try await ReportWriter.publish(before, in: store, reports: nil)
            }
            // From here on a crash leaves a revision whose report is made up for by the next start.
            try state.markUnreported(before.name)
        }
        let unconfirmed = try await store.unconfirmedRows(of: before)
        let stop: Stop?
        do {
            stop = try await work(before)
        } catch {
            // Nothing was found out: the report that stands is the whole one.
            if before.state.isOver, try await store.run(named: before.name).revision == before.revision {
                state.markReported(before.name)
            }
            throw error
        }
        let after = try await store.run(named: before.name)
        let resolved = unconfirmed - (try await store.unconfirmedRows(of: after))
        var entry = AuditEntry(
            event, at: SystemTimekeeper().now().wall, actor: requester.name, note: requester.note,
            run: after.name)
        entry.detail = "\(resolved) of \(unconfirmed) unconfirmed rows settled"
        try await store.note(entry)
        var directory: String?
        if after.revision > before.revision {
            directory = try await state.publish(after, in: store, by: requester).directory
        }
        if after.state.isOver { state.markReported(after.name) }
        return Resolution(
            summary: try await Summary.of(after, in: store, warnings: []), resolved: resolved,
            reportDirectory: directory, stop: stop)
    }
}

extension SQLiteStore {
    func unconfirmedRows(of run: RunRecord) async throws -> Int {
        try await sums(of: run).filter { $0.outcome == .unconfirmed }.reduce(0) { $0 + $1.rows }
    }
}

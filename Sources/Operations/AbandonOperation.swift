package import Logging
import Pacing
package import Reports
package import Runs
import SQLiteRunStore
import Spool

/// Gives up an interrupted run for good and publishes its report.
package struct AbandonOperation: Sendable {
    private let state: StateLayout
    private let requester: Requester
    private let logger: Logger

    package init(state: StateLayout, requester: Requester, logger: Logger) {
        self.state = state
        self.requester = requester
        self.logger = logger
    }

    /// - Parameter reports: another folder than the one the run was given.
    /// - Throws: `OperationError` and what the rooms throw.
    package func abandon(_ run: RunRecord, note: String, reports: String? = nil) async throws
        -> ReportWriter.Published
    {
        let store = try state.openStore()
        defer { try? store.close() }
        let lock = try DirectoryLock.acquire(state.runLock(run.name))
        defer { lock.release() }
        var run = try await store.run(named: run.name)
        switch run.state {
        case .finished, .abandoned:
            throw OperationError(
                .usage, "run \(run.name) is \(run.state.rawValue) already; there is nothing to abandon",
                next: "intentbatch show \(run.name)")
        case .importing:
            throw OperationError(
                .usage,
                "run \(run.name) ended while its rows were read in; nothing was sent, and nothing waits for it",
                next: "intentbatch run \(run.input.path)")
        case .ready, .running, .stopped:
            try state.markUnreported(run.name)
            try await store.abandon(
                run, actor: requester.name, note: note, at: SystemTimekeeper().now().wall)
        }
        run = try await store.run(named: run.name)
        let published = try await state.publish(run, in: store, reports: reports, by: requester)
        Archiving(folder: run.rules.archiveDirectory, logger: logger)
            .archive(run.input, claimedAt: run.createdAt)
        return published
    }
}

package import Reports
package import Runs
import SQLiteRunStore
import Spool

/// Finds interrupted runs. Needs no account, so that the account can be chosen by the run.
package struct RunsLookup: Sendable {
    private let state: StateLayout
    private let store: SQLiteStore

    /// Opens the store; `close` gives it back.
    package init(state: StateLayout) throws {
        self.state = state
        store = try SQLiteStore(directory: state.directory) { DirectoryLock.isHeld(state.runLock($0)) }
    }

    package func close() { try? store.close() }

    /// Counts and sums as they are now, whatever the run's state.
    package func summary(of run: RunRecord) async throws -> Summary {
        try await Summary.of(run, in: store, warnings: [])
    }

    /// Writes the report of a finished run, again or for the first time.
    package func publish(_ run: RunRecord, reports: String?) async throws -> ReportWriter.Published {
        guard run.state == .finished else {
            throw OperationError(
                .missing, "run \(run.name) is \(run.state.rawValue); only a finished run has a report",
                next: "intentbatch resume \(run.name)")
        }
        return try await ReportWriter.publish(run, in: store, reports: reports)
    }

    /// Newest first.
    package func runs() async throws -> [RunRecord] { try await store.runs() }

    package func run(named prefix: String) async throws -> RunRecord { try await store.run(named: prefix) }

    /// Runs that are neither over nor worked on by a living process, newest first.
    package func interrupted(job: String? = nil) async throws -> [RunRecord] {
        try await runs().filter { run in
            !run.state.isOver && run.state != .importing && (job == nil || run.job == job)
                && !isExecuting(run)
        }
    }

    package func isExecuting(_ run: RunRecord) -> Bool { DirectoryLock.isHeld(state.runLock(run.name)) }
}

/// Goes on with an interrupted run, or publishes the report that a crash cut short.
package struct ResumeOperation: Sendable {
    private let place: Workplace

    package init(_ place: Workplace) { self.place = place }

    /// - Throws: `OperationError` and what the rooms throw.
    package func resume(
        _ run: RunRecord, stops: AsyncStream<Stop>
    ) async throws -> RunResult {
        let store = try place.openStore()
        defer { try? store.close() }
        return try await Execution(place: place, store: store).execute(run, stops: stops)
    }
}

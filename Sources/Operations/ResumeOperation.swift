import Intake
package import Pacing
package import Reports
package import Runs
import SQLiteRunStore
package import Settings
import Spool

/// Finds interrupted runs. Needs no account, so that the account can be chosen by the run.
package struct RunsLookup: Sendable {
    let state: StateLayout
    let store: SQLiteStore

    /// Opens the store; `close` gives it back.
    package init(state: StateLayout) throws {
        self.state = state
        store = try state.openStore()
    }

    package func close() { try? store.close() }

    /// Counts and sums as they are now, whatever the run's state.
    package func summary(of run: RunRecord) async throws -> Summary {
        try await Summary.of(run, in: store, warnings: [])
    }

    /// Writes the report of a run that is over, again or for the first time, with all its revisions. Returns the
    /// newest.
    package func publish(
        _ run: RunRecord, reports: String?, by requester: Requester
    ) async throws -> ReportWriter.Published {
        guard run.state.isOver else {
            throw OperationError(
                .missing, "run \(run.name) is \(run.state.rawValue); only a run that is over has a report",
                next: "intentbatch resume \(run.name)")
        }
        let lock = try DirectoryLock.acquire(state.runLock(run.name))
        defer { lock.release() }
        for revision in 1..<run.revision {
            _ = try await ReportWriter.publish(run.at(revision: revision), in: store, reports: reports)
        }
        return try await state.publish(run, in: store, reports: reports, by: requester)
    }

    /// What the check said of the run's input, in the order of its rows.
    package func problems(of run: RunRecord) throws -> any ProblemReader { try KeptProblems(of: run) }

    /// Who did what to the run, oldest first.
    package func audit(of run: RunRecord) async throws -> [AuditEntry] { try await store.audit(of: run) }

    /// All rows with that intent id or reference, over all runs, oldest run first.
    package func traces(of payment: String) async throws -> [PaymentTrace] {
        try await store.traces(of: payment)
    }

    /// The newest wall time that any run has written.
    package func newestTime() async throws -> WallTime { try await store.newestTime() }

    /// Newest first.
    package func runs() async throws -> [RunRecord] { try await store.runs() }

    package func run(named prefix: String) async throws -> RunRecord { try await store.run(named: prefix) }

    /// Runs that are neither reported nor worked on by a living process, newest first.
    package func interrupted(job: String? = nil) async throws -> [RunRecord] {
        try await runs().filter { run in
            let isOpen = run.state.isOver ? isUnreported(run) : run.state != .importing
            return isOpen && (job == nil || run.job == job) && !isExecuting(run)
        }
    }

    private func isUnreported(_ run: RunRecord) -> Bool {
        run.state.isOver && state.isUnreported(run.name)
    }

    package func isExecuting(_ run: RunRecord) -> Bool { DirectoryLock.isHeld(state.runLock(run.name)) }
}

/// Goes on with an interrupted run, or publishes the report that a crash cut short.
package struct ResumeOperation: Sendable {
    private let place: Workplace
    private let job: JobFile?

    /// - Parameter job: where the run is gone on with by its job.
    package init(_ place: Workplace, job: JobFile? = nil) {
        self.place = place
        self.job = job
    }

    /// - Throws: `OperationError` and what the rooms throw.
    package func resume(
        _ run: RunRecord, stops: AsyncStream<Stop>
    ) async throws -> RunResult {
        guard run.state != .importing else {
            throw OperationError(
                .missing,
                "run \(run.name) ended while its rows were read in; nothing was sent, and its file goes on from there",
                next: "intentbatch run \(run.input.path)")
        }
        let store = try place.openStore()
        defer { try? store.close() }
        let execution = Execution(place: place, store: store, job: job)
        let result = try await execution.execute(run, stops: stops)
        guard case .alreadyRun(let run) = result else { return result }
        return try await execution.publishAgain(run)
    }
}

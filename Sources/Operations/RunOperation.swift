import Gateways
import Instructions
package import Intake
package import Logging
import Pacing
package import Reports
package import Runs
import SQLiteRunStore
package import Settings
import Spool

/// Everything an operation on runs needs: where state and reports lie, which account, and who asks.
package struct Workplace: Sendable {
    package let state: StateLayout
    package let account: AccountInUse
    package let requester: Requester
    package let logger: Logger
    /// Told of everything that happens while a run is executed.
    package let onEvent: @Sendable (RunRecord, RunEvent) -> Void

    package init(
        state: StateLayout, account: AccountInUse, requester: Requester, logger: Logger,
        onEvent: @escaping @Sendable (RunRecord, RunEvent) -> Void
    ) {
        self.state = state
        self.account = account
        self.requester = requester
        self.logger = logger
        self.onEvent = onEvent
    }
}

/// What came of one input or run.
package enum RunResult: Sendable {
    /// Every row has an outcome; the report stands in that directory.
    case finished(Summary, reportDirectory: String)
    /// The execution ended early; the run can be resumed.
    case stopped(Summary, Stop)
    /// The file has errors; nothing was sent.
    case refused(file: String, CheckResult, RefusalReport)
    /// The file's control totals are not there yet; it was left where it is.
    case waiting(file: String, totals: String)
    /// This input was run before by that run; nothing was sent.
    case alreadyRun(RunRecord)

    /// The run's own exit code; a job's input that was run before is nothing to do.
    package func exitCode(forJob: Bool) -> ExitCode {
        switch self {
        case .finished(let summary, _), .stopped(let summary, _):
            summary.exitCode.flatMap { ExitCode(rawValue: Int32($0)) } ?? .internalError
        case .refused(_, _, .failed(let error)): .gravest([.fileRefused, error.exitCode])
        case .refused: .fileRefused
        case .waiting: .success
        case .alreadyRun: forJob ? .success : .alreadyRun
        }
    }
}

/// What became of the report of a refused file.
package enum RefusalReport: Sendable {
    case published(ReportWriter.Published)
    /// The file is refused all the same.
    case failed(OperationError)
}

/// Checks, executes and reports one input; or goes on with the run of it that was interrupted.
package struct RunOperation: Sendable {
    private let place: Workplace
    private let job: JobFile?
    private let checkRules: CheckRules
    /// Where the reports of a new run go.
    private let reportsDirectory: String

    /// - Parameter reports: `--reports`; else the job's, else a folder of the state directory.
    package init(
        _ place: Workplace, job: JobFile?, reports: String?, reading: ReadingChoice = ReadingChoice(),
        expected: ControlTotals? = nil
    ) {
        self.place = place
        self.job = job
        checkRules = CheckRules(job, reading: reading, expected: expected)
        reportsDirectory = reports ?? job?.reports ?? place.state.defaultReports
    }

    /// - Throws: `OperationError` and what the rooms throw; `OperationError.of` gives both an exit code.
    package func run(
        file path: String, stops: AsyncStream<Stop>
    ) async throws -> RunResult {
        let store = try place.openStore()
        defer { try? store.close() }
        let execution = Execution(place: place, store: store, deadline: job?.deadline)
        let intake = Intake(store: store, inputsDirectory: place.state.inputs)
        switch try await intake.claim(request(for: path)) {
        case .existing(let run):
            return try await goOn(run, execution, stops: stops)
        case .waiting(let totals):
            return .waiting(file: path, totals: totals)
        case .refused(let refused):
            return try await refuse(refused, intake)
        case .checked(let checked):
            do {
                try refuseUnseenCaptures(checked.check)
                try checkReportsDirectory()
                try await RestoredStoreCheck.check(reportsDirectory, place.account.identity, store)
            } catch {
                try await intake.discard(checked)
                throw error
            }
            switch try await intake.importRows(of: checked) {
            case .imported(let run, _): return try await execution.execute(run, stops: stops)
            case .existing(let run): return try await goOn(run, execution, stops: stops)
            }
        }
    }

    /// Publishes what a person needs to mend the file, and lets its content go.
    private func refuse(_ refused: RefusedInput, _ intake: Intake) async throws -> RunResult {
        let report: RefusalReport
        do {
            let writer = RefusedReport(reportsDirectory: reportsDirectory, version: releaseVersion)
            report = .published(try writer.publish(refused))
        } catch {
            report = .failed(.of(error))
        }
        try await intake.discard(refused)
        return .refused(file: refused.request.path, refused.check, report)
    }

    /// This content has a run: an interrupted one is gone on with, a finished one is not run again, but its
    /// report is published if a crash or a full disk prevented that; then its outcome is news.
    private func goOn(
        _ run: RunRecord, _ execution: Execution, stops: AsyncStream<Stop>
    ) async throws -> RunResult {
        if run.state.isOver, !place.state.isUnreported(run.name) { return .alreadyRun(run) }
        if run.executions > 0 {
            place.logger.info("going on with the interrupted run of this file", metadata: run.metadata)
        }
        return try await execution.execute(run, stops: stops)
    }

    private func request(for path: String) -> IntakeRequest {
        IntakeRequest(
            path: path, job: job?.name, accountName: place.account.settings.name,
            identity: place.account.identity, checkRules: checkRules, rules: rules,
            actor: place.requester.name, note: place.requester.note,
            now: SystemTimekeeper().now().wall)
    }

    /// Before anything is sent: a run whose report can't be written would end in a surprise.
    private func checkReportsDirectory() throws {
        do {
            try Publication.checkWritable(reportsDirectory)
        } catch {
            throw OperationError(
                .disk, error.message + " Name another folder with --reports. Nothing was sent.")
        }
    }

    private func refuseUnseenCaptures(_ check: CheckResult) throws {
        guard rules.preflight == .never, !check.allWholeCancels else { return }
        throw OperationError(
            .configuration,
            "preflight: never is allowed for whole cancels only, and the file has other rows; "
                + "remove it from the job, or move those rows to another file")
    }

    private var rules: RunRules {
        var rules = RunRules(
            assume: place.account.settings.assume, reportsDirectory: reportsDirectory,
            reading: checkRules.reading)
        rules.keyLifetimeMilliseconds = place.account.settings.keyLifetime?.wholeMilliseconds
        rules.needsExternalData = place.account.settings.needsExternalData
        guard let job else { return rules }
        if job.preflight == .never { rules.preflight = .never }
        if let wait = job.pendingWait { rules.pendingWaitMilliseconds = wait.wholeMilliseconds }
        if let attempts = job.attempts { rules.attempts = attempts }
        if let first = job.firstBackoff { rules.firstBackoffMilliseconds = first.wholeMilliseconds }
        if let longest = job.longestBackoff { rules.longestBackoffMilliseconds = longest.wholeMilliseconds }
        if let wait = job.outageWait { rules.outageWaitMilliseconds = wait.wholeMilliseconds }
        rules.stopWhen = job.stopWhen
        rules.maximumSums = Dictionary(
            uniqueKeysWithValues: job.maximum.sums.map { ($0.currency.code, $0.minorUnits) })
        if let bound = job.lateBound { rules.lateBoundMilliseconds = bound.wholeMilliseconds }
        if let share = job.retryBudgetPartsPerMillion { rules.retryBudgetPartsPerMillion = share }
        rules.drainMilliseconds = job.drain.wholeMilliseconds
        return rules
    }
}

extension Workplace {
    func openStore() throws -> SQLiteStore {
        try state.openStore()
    }
}

extension StateLayout {
    /// The store of the state directory; a run counts as executing while its lock is held.
    func openStore() throws -> SQLiteStore {
        try SQLiteStore(directory: directory, worked: runsWorkedOn) { DirectoryLock.isHeld(runLock($0)) }
    }
}

extension RunRecord {
    var metadata: Logger.Metadata { ["run": "\(name)"] }
}

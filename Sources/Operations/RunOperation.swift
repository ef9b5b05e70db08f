import Gateways
import Instructions
package import Intake
import Logging
import Pacing
import Reports
package import Runs
import SQLiteRunStore
package import Settings
import Spool

/// Checks, executes and reports one input; or goes on with the run of it that was interrupted.
package struct RunOperation: Sendable {
    let place: Workplace
    let job: JobFile?
    let checkRules: CheckRules
    /// Why a file that was run before is run once more; nil leaves it.
    private let again: String?
    private let confirm: Confirm?
    /// Where the reports of a new run go.
    let reportsDirectory: String

    /// Asked when a file may run, before it is a run.
    package typealias Confirm = @Sendable (Confirmation) async -> Bool

    /// - Parameters:
    ///   - reports: `--reports`; else the job's, else a folder of the state directory.
    ///   - confirm: nil asks nobody.
    package init(
        _ place: Workplace, job: JobFile?, reports: String?, reading: ReadingChoice = ReadingChoice(),
        expected: ControlTotals? = nil, again: String? = nil, confirm: Confirm? = nil
    ) {
        self.place = place
        self.job = job
        checkRules = CheckRules(job, reading: reading, expected: expected)
        self.again = again
        self.confirm = confirm
        reportsDirectory = reports ?? job?.reports ?? place.state.defaultReports
    }

    /// - Throws: `OperationError` and what the rooms throw; `OperationError.of` gives both an exit code.
    package func run(
        file path: String, stops: AsyncStream<Stop>
    ) async throws -> RunResult {
        if let reason = Inbox.reasonToLeave(path) { return .left(path: path, reason: reason) }
        let store = try place.openStore()
        defer { try? store.close() }
        let execution = Execution(place: place, store: store, job: job)
        let intake = Intake(store: store, inputsDirectory: place.state.inputs)
        let request = request(for: path)
        switch try await intake.claim(request) {
        case .existing(let run, let input):
            return try await goOn(run, input, request, execution, stops: stops)
        case .waiting(let totals):
            return .waiting(file: path, totals: totals)
        case .refused(let refused):
            return try await refuse(refused, intake, store)
        case .checked(let checked):
            do {
                try refuseUnseenCaptures(checked.check)
                try checkFolders()
                try await RestoredStoreCheck.check(reportsDirectory, place.account.identity, store)
                guard await mayRun(checked) else {
                    try await intake.discard(checked)
                    return .declined(file: path)
                }
            } catch {
                try await intake.discard(checked)
                throw error
            }
            switch try await intake.importRows(of: checked) {
            case .imported(let run, _): return try await execution.execute(run, stops: stops)
            case .existing(let run):
                return try await goOn(run, checked.input, request, execution, stops: stops)
            }
        }
    }

    /// Publishes what a person needs to mend the file, and lets its content go.
    private func refuse(
        _ refused: RefusedInput, _ intake: Intake, _ store: SQLiteStore
    ) async throws -> RunResult {
        let report: RefusalReport
        do {
            let writer = RefusedReport(reportsDirectory: reportsDirectory, version: releaseVersion)
            report = .published(try writer.publish(refused))
        } catch {
            report = .failed(.of(error))
        }
        try await intake.discard(refused)
        try await store.note(refusal(of: refused))
        let moved = archiving.archive(refused.input, claimedAt: refused.request.now, isRefused: true)
        return .refused(file: moved ?? refused.request.path, refused.check, report)
    }

    /// This content has a run: an interrupted one is gone on with, a finished one is not run again, but its
    /// report is published if a crash or a full disk prevented that; then its outcome is news.
    private func goOn(
        _ run: RunRecord, _ input: InputRecord, _ request: IntakeRequest, _ execution: Execution,
        stops: AsyncStream<Stop>
    ) async throws -> RunResult {
        let result: RunResult
        if run.state.isOver, !place.state.isUnreported(run.name) {
            result = .alreadyRun(run)
        } else {
            if run.executions > 0 {
                place.logger.info("going on with the interrupted run of this file", metadata: run.metadata)
            }
            result = try await execution.execute(run, stops: stops)
        }
        // The file that was claimed now may be another one of the same content.
        if case .stopped = result { return result }
        archiving.archive(input, claimedAt: request.now)
        return result
    }

    private var archiving: Archiving { Archiving(folder: job?.archive, logger: place.logger) }

    private func mayRun(_ checked: CheckedInput) async -> Bool {
        guard let confirm else { return true }
        return await confirm(
            Confirmation(
                file: checked.request.path, host: place.account.host,
                accountName: place.account.settings.name, isPractice: place.account.isPractice,
                check: checked.check))
    }

    private func refusal(of refused: RefusedInput) -> AuditEntry {
        let request = refused.request
        var entry = AuditEntry(.refused, at: request.now, actor: request.actor, note: request.note)
        entry.file = refused.input.path
        entry.sha256 = refused.input.sha256
        entry.detail = "\(refused.check.errorCount) errors in \(refused.check.rows) rows"
        return entry
    }

    func request(for path: String) -> IntakeRequest {
        IntakeRequest(
            path: path, job: job?.name, accountName: place.account.settings.name,
            identity: place.account.identity, checkRules: checkRules, rules: rules,
            actor: place.requester.name, note: place.requester.note,
            now: SystemTimekeeper().now().wall, again: again)
    }

    /// Before anything is sent: a run whose report can't be written would end in a surprise.
    private func checkFolders() throws {
        do {
            try Publication.checkWritable(reportsDirectory)
        } catch {
            throw OperationError(
                .disk, error.message + " Name another folder with --reports. Nothing was sent.")
        }
        guard let archive = job?.archive else { return }
        do {
            try Publication.checkWritable(archive)
        } catch {
            throw OperationError(.disk, error.message + " Mend the job's `archive:`. Nothing was sent.")
        }
    }

    private func refuseUnseenCaptures(_ check: CheckResult) throws {
        guard rules.preflight == .never, !check.allWholeCancels else { return }
        throw OperationError(
            .configuration,
            "preflight: never is allowed for whole cancels only, and the file has other rows; "
                + "remove it from the job, or move those rows to another file")
    }
}

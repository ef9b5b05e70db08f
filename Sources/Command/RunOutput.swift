import Instructions
import Intake
import JSON
import Operations
import Reports
import Runs

/// Prints what came of one or more runs, in the chosen format, and gathers their exit codes.
struct RunOutput {
    private let options: OutputOptions
    private let place: PlaceOptions
    /// How the files were read, for the next command to type.
    private let reading: ReadingOptions?
    /// The job that was run, for the same.
    private let jobPath: String?
    private var summaries: [JSONValue] = []
    private var refusals: [JSONValue] = []
    private var errors: [JSONValue] = []
    private var alreadyRun: [JSONValue] = []
    private var waiting: [JSONValue] = []
    private var left: [JSONValue] = []
    private var notStarted: [JSONValue] = []
    private var codes: [ExitCode] = []
    private var next: [String] = []

    init(
        options: OutputOptions, place: PlaceOptions, reading: ReadingOptions? = nil, jobPath: String? = nil
    ) {
        self.options = options
        self.place = place
        self.reading = reading
        self.jobPath = jobPath
    }

    /// Whether a run ended in a way that keeps further ones of the command from starting.
    var mustStop: Bool { codes.contains { $0 == .stoppedItself || $0 == .interrupted } }

    /// - Parameter again: the command as it was typed, where it may be typed once more.
    mutating func take(_ result: RunResult, forJob: Bool, again: String? = nil) {
        let code = result.exitCode(forJob: forJob)
        codes.append(code)
        switch result {
        case .finished(let summary, let directory):
            summaries.append(summary.json)
            say(SummaryText.lines(summary) + ["  report: \(directory)"], code)
            if code != .success {
                let results = ReportWriter.resultsPath(summary.run, reportDirectory: directory)
                next.append("zcat \(shellQuoted(results)) | less -S")
                if code == .someUnconfirmed {
                    next.append("intentbatch resolve \(summary.run.name)\(place.asTyped)")
                }
            }
        case .stopped(let summary, let stop):
            summaries.append(summary.json)
            say(SummaryText.lines(summary) + (stop.message.map { ["  reason: \($0)"] } ?? []), code)
            next.append(goingOn(summary.run, after: stop))
        case .refused(let file, let check, let report):
            refused(file, check, report, code)
        case .waiting(let file, let totals):
            waiting.append(.string(file))
            say(["\(file) waits for its control totals: \(totals) is not there"], code)
        case .alreadyRun(let run):
            let line = "this input was run already: \(run.name) (\(run.state.rawValue)); nothing was sent"
            alreadyRun.append(.string(run.name))
            if forJob { sayAside(line) } else { say([line], code) }
            if code != .success { next.append("intentbatch show \(run.name)\(place.asTyped)") }
        case .left(let path, let reason):
            left.append(["file": .string(path), "reason": .string(reason)])
            sayAside("\(path) is left for the next start: \(reason)")
        case .declined(let file):
            sayAside("\(file) was not run; nothing was sent")
            if let again { next.append(again) }
        }
    }

    /// What lets a stopped run go on.
    private func goingOn(_ run: RunRecord, after stop: Stop) -> String {
        let resume = "intentbatch resume \(run.name)\(place.asTyped)"
        switch stop.reason {
        case .credentials: return "correct the account's credentials, then: \(resume)"
        case .limit:
            let start = jobPath.map { "intentbatch run \(shellQuoted($0))\(place.asTyped)" }
            let abandon = "intentbatch abandon \(run.name) --note WHY\(place.asTyped)"
            return "raise `max` in the job, then: \(start ?? "start the job"); or give the run up: \(abandon)"
        case .failures, .outage, .signal, .deadline, .person: return resume
        }
    }

    private mutating func refused(
        _ file: String, _ check: CheckResult, _ report: RefusalReport, _ code: ExitCode
    ) {
        var lines = ProblemText.lines(check, file: file)
        var json = ProblemText.json(check, file: file)
        switch report {
        case .published(let published):
            lines.append("  report: \(published.directory)")
            json["report"] = .string(published.directory)
            json["summary"] = published.summary.json
        case .failed(let error):
            StandardError.write("intentbatch: \(error.message)")
            errors.append(.string(error.message))
        }
        refusals.append(.object(json))
        say(lines, code)
        if let reading { next.append(reading.checkAgain(file, jobPath: jobPath)) }
    }

    /// Files that a run before them kept from starting.
    mutating func takeNotStarted(_ files: [String]) {
        notStarted += files.map { .string($0) }
        for file in files { sayAside("\(file) was not started") }
    }

    /// Beside the result, for people.
    private func sayAside(_ line: String) {
        if !options.quiet { StandardError.write(line) }
    }

    /// An input that could not be run at all.
    mutating func take(_ error: any Error, again: String) {
        let ending = Ending.failed(error, again: again, place: place)
        codes.append(ending.code)
        next += ending.next
        errors.append(.string(ending.failure ?? ""))
    }

    mutating func sayNothingToDo(_ line: String) {
        say([line], .success)
    }

    private func say(_ lines: [String], _ code: ExitCode) {
        options.say(lines, isFailure: code != .success)
    }

    /// Prints the one JSON object, and says how the command ends.
    func finish() -> Ending {
        let code = ExitCode.gravest(codes)
        if options.output == .json {
            var object = JSONObject([
                "runs": .array(summaries), "exit_code": .number("\(code.rawValue)"),
            ])
            if !refusals.isEmpty { object["refused"] = .array(refusals) }
            if !alreadyRun.isEmpty { object["already_run"] = .array(alreadyRun) }
            if !waiting.isEmpty { object["waiting"] = .array(waiting) }
            if !left.isEmpty { object["left"] = .array(left) }
            if !notStarted.isEmpty { object["not_started"] = .array(notStarted) }
            if !errors.isEmpty { object["errors"] = .array(errors) }
            StandardOutput.write(JSONValue.object(object).text)
        }
        return Ending(code: code, next: next)
    }
}

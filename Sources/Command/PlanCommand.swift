import ArgumentParser
import JSON
import Operations
import Pacing
import Runs
import Settings

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Checks files and reads live state: what each row would do. Moves no money.",
        discussion: """
            At most 200 intents of a file are read, unless --full reads all of them; every call counts in the account's \
            limits. Rows that an earlier run settles are told without a read. Nothing is claimed: what stands here may \
            have changed when the file is run.
            """)

    @Argument(help: ArgumentHelp("Instruction files, or one job file (.yaml).", valueName: "file"))
    var inputs: [String]

    @Flag(help: "Read every intent.")
    var full = false

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var expect: ExpectOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard RunCommand.jobPath(in: inputs) == nil || inputs.count == 1 else {
            throw ValidationError("name either instruction files or one job file")
        }
        try expect.validate(files: inputs.count)
    }

    private var words: String {
        inputs.map(shellQuoted).joined(separator: " ") + reading.asTyped + expect.asTyped + options.asTyped
            + place.asTyped
    }

    func run() async throws {
        let again = "intentbatch plan \(words)\(full ? " --full" : "")"
        let logger = output.makeLogger()
        try await Ending.of(again: again, output: output, listing: "plans", place: place) {
            let session = try Session(
                place: place, run: options, jobPath: RunCommand.jobPath(in: inputs), logger: logger)
            return try await session.withWorkplace(session.account(), onEvent: { _, _ in }) { workplace in
                try await plan(session.job, workplace, again)
            }
        }
    }

    private func plan(_ job: JobFile?, _ workplace: Workplace, _ again: String) async throws -> Ending {
        var planOutput = PlanOutput(
            options: output, place: place, reading: reading, jobPath: RunCommand.jobPath(in: inputs))
        var files = inputs
        if let job {
            let listing = try JobInputs(of: job, now: SystemTimekeeper().now().wall)
            for file in listing.left {
                planOutput.take(.left(path: file.path, reason: file.reason), forJob: true)
            }
            files = listing.ready
            if listing.isEmpty { planOutput.say(["no file matches \(job.input); nothing to do"], .success) }
        }
        let operation = PlanOperation(
            workplace, job: job, reading: reading.choice, expected: expect.totals, isFull: full)
        for file in files where !planOutput.mustStop {
            do {
                planOutput.take(try await operation.plan(file: file), forJob: job != nil)
            } catch {
                planOutput.take(error, again: again)
            }
        }
        return planOutput.finish()
    }
}

/// Prints what files would do, and gathers the exit codes.
struct PlanOutput {
    private let options: OutputOptions
    private let place: PlaceOptions
    private let reading: ReadingOptions
    private let jobPath: String?
    private var plans: [JSONValue] = []
    private var others: [(member: String, value: JSONValue)] = []
    private var codes: [Operations.ExitCode] = []
    private var next: [String] = []

    init(options: OutputOptions, place: PlaceOptions, reading: ReadingOptions, jobPath: String?) {
        self.options = options
        self.place = place
        self.reading = reading
        self.jobPath = jobPath
    }

    /// The gateway or the credentials are of no use to further files either.
    var mustStop: Bool { codes.contains(.stoppedItself) }

    mutating func take(_ result: PlanResult, forJob: Bool) {
        switch result {
        case .planned(let plan):
            plans.append(PlanText.json(plan))
            say(PlanText.lines(plan), .success)
        case .refused(let file, let check):
            others.append(("refused", .object(ProblemText.json(check, file: file))))
            say(ProblemText.lines(check, file: file), .fileRefused)
            next.append(reading.checkAgain(file, jobPath: jobPath))
        case .waiting(let file, let totals):
            others.append(("waiting", .string(file)))
            say(["\(file) waits for its control totals: \(totals) is not there"], .success)
        case .left(let path, let reason):
            others.append(("left", ["file": .string(path), "reason": .string(reason)]))
            say(["\(path) is left for the next start: \(reason)"], .success)
        case .existing(let file, let run):
            others.append(("already_run", .string(run.name)))
            let isOver = run.state.isOver
            say(
                [
                    "\(file) has the run \(run.name) (\(run.state.rawValue)) already; "
                        + (isOver ? "it would not be run again" : "a run goes on with it")
                ], isOver && !forJob ? .alreadyRun : .success)
            if isOver, !forJob { next.append("intentbatch show \(run.name)\(place.asTyped)") }
        }
    }

    mutating func take(_ error: any Error, again: String) {
        let ending = Ending.failed(error, again: again, place: place)
        codes.append(ending.code)
        next += ending.next
        others.append(("errors", .string(ending.failure ?? "")))
    }

    mutating func say(_ lines: [String], _ code: Operations.ExitCode) {
        codes.append(code)
        options.say(lines, isFailure: code != .success)
    }

    func finish() -> Ending {
        let code = Operations.ExitCode.gravest(codes)
        if options.output == .json {
            var object = JSONObject([
                "plans": .array(plans), "exit_code": .number("\(code.rawValue)"),
            ])
            for member in ["refused", "already_run", "waiting", "left", "errors"] {
                let values = others.filter { $0.member == member }.map(\.value)
                if !values.isEmpty { object[member] = .array(values) }
            }
            StandardOutput.write(JSONValue.object(object).text)
        }
        return Ending(code: code, next: next)
    }
}

import ArgumentParser
import Operations
import Pacing
import Runs
import Settings

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Checks, executes and reports instruction files, or a job.",
        discussion: """
            A job first goes on with its own interrupted runs. A file that was interrupted is gone on with; one that \
            was run before is not run again (exit code 6), unless --again says why: then rows that took effect are
            already applied, and the others are tried once more.

            A job's input may have wildcards in its last part: each match is a run, in name order, and those that were
            run before are skipped. Hidden files, names ending in .part, .tmp or .filepart, and matches that changed in
            the last 60 s are left for the next start.

            On a terminal the host, LIVE or PRACTICE, rows and sums of a file named by hand are shown, and it asks
            before anything is sent.
            """)

    @Argument(
        help: ArgumentHelp(
            "Instruction files (CSV or NDJSON, plain or gzip), or one job file (.yaml).", valueName: "file"))
    var inputs: [String]

    @OptionGroup var reading: ReadingOptions
    @Option(help: ArgumentHelp("Run an input once more that was run before, and why.", valueName: "why"))
    var again: String?

    @Flag(help: "Do not ask on a terminal.")
    var yes = false

    @OptionGroup var options: RunOptions
    @OptionGroup var expect: ExpectOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    private var jobPath: String? { Self.jobPath(in: inputs) }

    /// The job file among what was named.
    static func jobPath(in inputs: [String]) -> String? {
        inputs.first { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    }

    func validate() throws {
        guard jobPath == nil || inputs.count == 1 else {
            throw ValidationError("name either instruction files or one job file")
        }
        if let again, again.allSatisfy(\.isWhitespace) { throw ValidationError("--again needs a reason") }
        try expect.validate(files: inputs.count)
    }

    private var asTyped: String {
        let words = inputs.map(shellQuoted).joined(separator: " ")
        let once = again.map { " --again \(shellQuoted($0))" } ?? ""
        return "intentbatch run \(words)\(once)\(yes ? " --yes" : "")\(reading.asTyped)\(expect.asTyped)"
            + options.asTyped + place.asTyped
    }

    func run() async throws {
        let logger = output.makeLogger()
        try await Ending.of(again: asTyped, output: output, listing: "runs", place: place) {
            let session = try Session(place: place, run: options, jobPath: jobPath, logger: logger)
            return try await SignalWatch.during { watch in
                try await ProgressLog.during(logger: logger, onTerminal: output.showsProgress) { onEvent in
                    try await session.withWorkplace(session.account(), onEvent: onEvent) { workplace in
                        try await execute(session, workplace, watch)
                    }
                }
            }
        }
    }

    private func execute(
        _ session: Session, _ workplace: Workplace, _ watch: SignalWatch
    ) async throws -> Ending {
        var runOutput = RunOutput(options: output, place: place, reading: reading, jobPath: jobPath)
        if let job = session.job {
            for run in try await interrupted(session, job: job.name) where !runOutput.mustStop {
                do {
                    let result = try await ResumeOperation(workplace, job: job)
                        .resume(run, stops: await watch.stops())
                    runOutput.take(result, forJob: true)
                } catch {
                    runOutput.take(error, again: asTyped)
                }
            }
        }
        let files = try listed(session.job, &runOutput)
        var confirm: RunOperation.Confirm?
        if session.job == nil, !yes, TerminalQuestion.canBeAsked {
            confirm = { await TerminalQuestion.isAnsweredYes($0, watch) }
        }
        let operation = RunOperation(
            workplace, job: session.job, reports: session.reports, reading: reading.choice,
            expected: expect.totals, again: again, confirm: confirm)
        for (index, file) in files.enumerated() {
            if runOutput.mustStop {
                runOutput.takeNotStarted(Array(files[index...]))
                break
            }
            do {
                let result = try await operation.run(file: file, stops: await watch.stops())
                runOutput.take(result, forJob: session.job != nil, again: asTyped)
            } catch {
                runOutput.take(error, again: asTyped)
            }
        }
        return runOutput.finish()
    }

    /// A job's matches, or what was named.
    private func listed(_ job: JobFile?, _ runOutput: inout RunOutput) throws -> [String] {
        guard let job else { return inputs }
        do {
            let listing = try JobInputs(of: job, now: SystemTimekeeper().now().wall)
            for file in listing.left {
                runOutput.take(.left(path: file.path, reason: file.reason), forJob: true)
            }
            if listing.isEmpty { runOutput.sayNothingToDo("no file matches \(job.input); nothing to do") }
            return listing.ready
        } catch {
            // What became of the job's interrupted runs is said all the same.
            runOutput.take(error, again: asTyped)
            return []
        }
    }

    /// Oldest first.
    private func interrupted(_ session: Session, job: String) async throws -> [RunRecord] {
        let lookup = try RunsLookup(state: session.state)
        defer { lookup.close() }
        return try await lookup.interrupted(job: job).reversed()
    }
}

import ArgumentParser
import Operations
import Runs
import Settings

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Checks, executes and reports instruction files, or a job.",
        discussion: """
            A job first goes on with its own interrupted runs. A file that was interrupted is gone on with; one that \
            was run before is not run again (exit code 6).
            """)

    @Argument(
        help: ArgumentHelp(
            "Instruction files (CSV or NDJSON, plain or gzip), or one job file (.yaml).", valueName: "file"))
    var inputs: [String]

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var expect: ExpectOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    private var jobPath: String? { inputs.first(where: Self.isJob) }

    private static func isJob(_ path: String) -> Bool { path.hasSuffix(".yaml") || path.hasSuffix(".yml") }

    func validate() throws {
        guard jobPath == nil || inputs.count == 1 else {
            throw ValidationError("name either instruction files or one job file")
        }
        try expect.validate(files: inputs.count)
    }

    func run() async throws {
        let files = inputs.map(shellQuoted).joined(separator: " ")
        let again =
            "intentbatch run \(files)\(reading.asTyped)\(expect.asTyped)\(options.asTyped)\(place.asTyped)"
        let logger = output.makeLogger()
        try await Ending.of(again: again, output: output, listing: "runs") {
            let session = try Session(place: place, run: options, jobPath: jobPath, logger: logger)
            return try await SignalWatch.during { watch in
                try await ProgressLog.during(logger: logger, onTerminal: output.showsProgress) { onEvent in
                    try await session.withWorkplace(session.account(), onEvent: onEvent) { workplace in
                        try await execute(session, workplace, watch, again)
                    }
                }
            }
        }
    }

    private func execute(
        _ session: Session, _ workplace: Workplace, _ watch: SignalWatch, _ again: String
    ) async throws -> Ending {
        var runOutput = RunOutput(options: output, place: place, reading: reading)
        var files = inputs
        if let job = session.job {
            files = [job.input]
            for run in try await interrupted(session, job: job.name) where !runOutput.mustStop {
                do {
                    let result = try await ResumeOperation(workplace, deadline: job.deadline)
                        .resume(run, stops: await watch.stops())
                    runOutput.take(result, forJob: true)
                } catch {
                    runOutput.take(error, again: again)
                }
            }
        }
        let operation = RunOperation(
            workplace, job: session.job, reports: session.reports, reading: reading.choice,
            expected: expect.totals)
        for file in files where !runOutput.mustStop {
            do {
                let result = try await operation.run(file: file, stops: await watch.stops())
                runOutput.take(result, forJob: session.job != nil)
            } catch {
                runOutput.take(error, again: again)
            }
        }
        return runOutput.finish()
    }

    /// Oldest first.
    private func interrupted(_ session: Session, job: String) async throws -> [RunRecord] {
        let lookup = try RunsLookup(state: session.state)
        defer { lookup.close() }
        return try await lookup.interrupted(job: job).reversed()
    }
}

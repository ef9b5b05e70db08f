import ArgumentParser
import Operations
import Runs

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Goes on with an interrupted run (default: the newest).")

    @Argument(help: ArgumentHelp("The run's name or a unique beginning of it.", valueName: "run"))
    var run: String?

    @Flag(help: "Go on with every interrupted run, the oldest first.")
    var all = false

    @OptionGroup var options: RunOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard run == nil || !all else { throw ValidationError("name a run or say --all, not both") }
    }

    func run() async throws {
        let again =
            "intentbatch resume\(run.map { " " + shellQuoted($0) } ?? "")\(all ? " --all" : "")\(place.asTyped)"
        let logger = output.makeLogger()
        try await Ending.of(again: again, output: output, listing: "runs", place: place) {
            let session = try Session(place: place, run: options, jobPath: nil, logger: logger)
            var runOutput = RunOutput(options: output, place: place)
            let runs = try await chosen(session)
            if runs.isEmpty { runOutput.sayNothingToDo("no interrupted run; nothing to do") }
            return try await SignalWatch.during { watch in
                for record in runs where !runOutput.mustStop {
                    do {
                        let result = try await ProgressLog.during(
                            logger: logger, onTerminal: output.showsProgress
                        ) { onEvent in
                            try await session.withWorkplace(session.account(of: record), onEvent: onEvent) {
                                place in
                                try await ResumeOperation(place).resume(record, stops: await watch.stops())
                            }
                        }
                        runOutput.take(result, forJob: true)
                    } catch {
                        runOutput.take(error, again: again)
                    }
                }
                return runOutput.finish()
            }
        }
    }

    private func chosen(_ session: Session) async throws -> [RunRecord] {
        let lookup = try RunsLookup(state: session.state)
        defer { lookup.close() }
        if let run { return [try await lookup.run(named: run)] }
        let interrupted = try await lookup.interrupted()
        return all ? interrupted.reversed() : Array(interrupted.prefix(1))
    }
}

import ArgumentParser
import Instructions
import JSON
import Operations
import Reports
import Runs

struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Finds out what became of unconfirmed rows, or records what a person found.",
        discussion: """
            Reads the intents of a run's unconfirmed rows again, and never sends a money-changing call. What is found \
            out is published as a new revision of the report, REPORTS/RUN/r2/. A row is given up as failed only when \
            two reads a minute apart show it unchanged, both later than late-bound (1h) after it was last sent.

            With --row, --as and --note nothing is read: what a person found out at the gateway is recorded.
            """)

    enum Found: String, ExpressibleByArgument, CaseIterable {
        case applied, failed

        var outcome: Outcome { self == .applied ? .applied : .failed }
    }

    @Argument(help: ArgumentHelp("The run's name or a unique beginning of it.", valueName: "run"))
    var run: String

    @Option(help: ArgumentHelp("The unconfirmed row that a person looked up.", valueName: "n"))
    var row: Int?

    @Option(name: .customLong("as"), help: "What the person found.")
    var found: Found?

    @OptionGroup var options: RunOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (row == nil) == (found == nil) else {
            throw ValidationError("--row N and --as applied|failed go together")
        }
        guard row == nil || options.note?.isEmpty == false else {
            throw ValidationError("--note TEXT is needed with --row: say how it is known")
        }
    }

    func run() async throws {
        let again = "intentbatch resolve \(shellQuoted(run))\(options.asTyped)\(place.asTyped)"
        let logger = output.makeLogger()
        try await Ending.of(again: again, output: output, place: place) {
            if let row, let found, let note = options.note {
                let state = try Session.stateOnly(place: place, logger: logger)
                let record = try await named(run, state)
                return ending(
                    try await RecordOperation(state: state, requester: options.requester)
                        .record(record, row: row, as: found.outcome, note: note))
            }
            let session = try Session(place: place, run: options, jobPath: nil, logger: logger)
            let record = try await named(run, session.state)
            return try await SignalWatch.during { watch in
                let resolution = try await ProgressLog.during(logger: logger, onTerminal: false) { onEvent in
                    try await session.withWorkplace(session.account(of: record), onEvent: onEvent) {
                        try await ResolveOperation($0).resolve(record, stops: await watch.stops())
                    }
                }
                return ending(resolution)
            }
        }
    }

    private func ending(_ resolution: Resolution) -> Ending {
        let summary = resolution.summary
        let unconfirmed = summary.counts[.unconfirmed] ?? 0
        let code = code(resolution, unconfirmed: unconfirmed)
        if output.output == .json {
            var object = JSONObject()
            object["runs"] = .array([summary.json])
            object["resolved"] = .number("\(resolution.resolved)")
            object["report"] = .orNull(resolution.reportDirectory)
            object["exit_code"] = .number("\(code.rawValue)")
            StandardOutput.write(JSONValue.object(object).text)
        } else {
            var lines = SummaryText.lines(summary)
            lines.append(
                "  resolved: \(counted(resolution.resolved, "row")), still unconfirmed: \(unconfirmed)")
            if let directory = resolution.reportDirectory { lines.append("  report: \(directory)") }
            if let message = resolution.stop?.message { lines.append("  reason: \(message)") }
            output.say(lines, isFailure: code != .success)
        }
        let name = "\(summary.run.name)\(place.asTyped)"
        let resolve = "intentbatch resolve \(name)"
        guard unconfirmed == 0 else {
            return Ending(
                code: code,
                next: [
                    resolve,
                    "\(resolve) --row N --as applied|failed --note TEXT, for what the gateway shows a person",
                ])
        }
        return Ending(code: code, next: code == .success ? [] : ["intentbatch show \(name)"])
    }

    private func code(_ resolution: Resolution, unconfirmed: Int) -> Operations.ExitCode {
        if let stop = resolution.stop {
            return Operations.ExitCode(rawValue: Int32(Summary.exitCode(of: stop.reason))) ?? .internalError
        }
        // A run that is not over is judged by what was asked of this command.
        guard resolution.summary.run.state.isOver else {
            return unconfirmed == 0 ? .success : .someUnconfirmed
        }
        return resolution.summary.exitCode.flatMap { Operations.ExitCode(rawValue: Int32($0)) }
            ?? .internalError
    }
}

struct AbandonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abandon",
        abstract: "Gives an interrupted run up for good and publishes its report.",
        discussion: """
            Rows without an open attempt become not_sent, the others unconfirmed. The run is never resumed, and its \
            input can't be run again under its own name (--again "why" with run lifts that); `resolve` still finds out \
            what became of unconfirmed rows.
            """)

    @Argument(help: ArgumentHelp("The run's name or a unique beginning of it.", valueName: "run"))
    var run: String

    @OptionGroup var options: RunOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard options.note?.isEmpty == false else {
            throw ValidationError("--note TEXT is needed: say why; it is kept with the run and its rows")
        }
    }

    func run() async throws {
        let again = "intentbatch abandon \(shellQuoted(run))\(options.asTyped)\(place.asTyped)"
        try await Ending.of(again: again, output: output, place: place) {
            let state = try Session.stateOnly(place: place, logger: output.makeLogger())
            let record = try await named(run, state)
            let published = try await AbandonOperation(
                state: state, requester: options.requester, logger: output.makeLogger()
            )
            .abandon(record, note: options.note ?? "", reports: options.reports)
            var runOutput = RunOutput(options: output, place: place)
            runOutput.take(.finished(published.summary, reportDirectory: published.directory), forJob: false)
            return runOutput.finish()
        }
    }
}

/// The run that a person named.
func named(_ prefix: String, _ state: StateLayout) async throws -> RunRecord {
    let lookup = try RunsLookup(state: state)
    defer { lookup.close() }
    return try await lookup.run(named: prefix)
}

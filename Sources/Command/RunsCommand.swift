import ArgumentParser
import JSON
import Operations
import Reports
import Runs

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Lists runs, the newest first.")

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Ending.of(again: "intentbatch runs\(place.asTyped)", output: output, listing: "runs") {
            let lookup = try RunsLookup(state: Session.stateOnly(place: place, logger: output.makeLogger()))
            defer { lookup.close() }
            let runs = try await lookup.runs()
            var summaries: [Summary] = []
            for run in runs { summaries.append(try await lookup.summary(of: run)) }
            if output.output == .json {
                let object: JSONValue = ["runs": .array(summaries.map(\.json))]
                StandardOutput.write(object.text)
            } else if runs.isEmpty {
                StandardOutput.write("no runs yet")
            } else {
                StandardOutput.write(summaries.map { line($0, lookup) }.joined(separator: "\n"))
            }
            return Ending(code: .success)
        }
    }

    private func line(_ summary: Summary, _ lookup: RunsLookup) -> String {
        let run = summary.run
        let state =
            run.state.isOver ? run.state.rawValue : lookup.isExecuting(run) ? "executing" : "interrupted"
        return "\(run.name)  \(state)  \(run.rows) rows: \(SummaryText.counts(summary))"
    }
}

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one run with its counts and sums.")

    @Argument(help: ArgumentHelp("The run's name or a unique beginning of it.", valueName: "run"))
    var run: String

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Ending.of(again: "intentbatch runs\(place.asTyped)", output: output) {
            let lookup = try RunsLookup(state: Session.stateOnly(place: place, logger: output.makeLogger()))
            defer { lookup.close() }
            let summary = try await lookup.summary(of: lookup.run(named: run))
            StandardOutput.write(
                output.output == .json
                    ? summary.json.text : SummaryText.lines(summary).joined(separator: "\n"))
            return Ending(code: .success)
        }
    }
}

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes the report of a finished run again: the same bytes.")

    @Argument(help: ArgumentHelp("The run's name or a unique beginning of it.", valueName: "run"))
    var run: String

    @Option(help: ArgumentHelp("Another folder than the one the run was given.", valueName: "dir"))
    var reports: String?

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Ending.of(again: "intentbatch runs\(place.asTyped)", output: output) {
            let lookup = try RunsLookup(state: Session.stateOnly(place: place, logger: output.makeLogger()))
            defer { lookup.close() }
            let published = try await lookup.publish(lookup.run(named: run), reports: reports)
            StandardOutput.write(
                output.output == .json ? published.summary.json.text : "report: \(published.directory)")
            return Ending(code: .success)
        }
    }
}

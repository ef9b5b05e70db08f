import ArgumentParser
import Intake
import JSON
import Logging
import Operations
import Reports
import Runs

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Lists runs, the newest first.")

    @OptionGroup(visibility: .hidden) var options: RunOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Ending.of(
            again: "intentbatch runs\(place.asTyped)", output: output, listing: "runs", place: place
        ) {
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
        return "\(run.name)  \(state)  \(counted(run.rows, "row")): \(SummaryText.counts(summary))"
    }
}

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one run with its counts and sums.")

    @Argument(help: ArgumentHelp("The run's name or a unique beginning of it.", valueName: "run"))
    var run: String

    @Flag(help: "List what the check said of its input, too.")
    var problems = false

    @OptionGroup(visibility: .hidden) var options: RunOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Ending.of(again: "intentbatch runs\(place.asTyped)", output: output, place: place) {
            let lookup = try RunsLookup(state: Session.stateOnly(place: place, logger: output.makeLogger()))
            defer { lookup.close() }
            let summary = try await lookup.summary(of: lookup.run(named: run))
            let audit = try await lookup.audit(of: summary.run)
            let outlook = try await outlook(of: summary, lookup)
            switch output.output {
            case .json: try showJSON(summary, audit, outlook, lookup)
            case .text: try showText(summary, audit, outlook, lookup)
            }
            return Ending(code: .success)
        }
    }

    /// nil where the run is over, or the configuration does not know its account any more.
    private func outlook(of summary: Summary, _ lookup: RunsLookup) async throws -> Outlook? {
        guard !summary.run.state.isOver else { return nil }
        var logger = output.makeLogger()
        logger.logLevel = .error
        let session = try? Session(place: place, run: options, jobPath: nil, logger: logger)
        guard let settings = try? session?.account(of: summary.run) else { return nil }
        return try await lookup.outlook(of: summary, under: settings)
    }

    private func showText(
        _ summary: Summary, _ audit: [AuditEntry], _ outlook: Outlook?, _ lookup: RunsLookup
    ) throws {
        var lines = SummaryText.lines(summary)
        if let outlook { lines += OutlookText.lines(outlook) }
        if let again = summary.run.again { lines.append("  again, number \(again.number): \(again.why)") }
        lines += audit.map { "  " + AuditText.line($0) }
        StandardOutput.write(lines.joined(separator: "\n"))
        guard problems else { return }
        var reader = try lookup.problems(of: summary.run)
        var count = 0
        while let problem = try reader.next() {
            count += 1
            StandardOutput.write("  " + ProblemText.line(problem, file: summary.run.input.name))
        }
        if count == 0 { StandardOutput.write("  no problems in \(summary.run.input.name)") }
    }

    private func showJSON(
        _ summary: Summary, _ audit: [AuditEntry], _ outlook: Outlook?, _ lookup: RunsLookup
    ) throws {
        var object = summary.json.object ?? JSONObject()
        object["outlook"] = outlook.map(OutlookText.json) ?? .null
        object["audit"] = AuditText.json(audit)
        if problems { object["problem_list"] = try listed(summary.run, lookup) }
        StandardOutput.write(JSONValue.object(object).text)
    }

    /// One object, so the problems are bounded; the problems file has them all.
    private func listed(_ run: RunRecord, _ lookup: RunsLookup) throws -> JSONValue {
        var reader = try lookup.problems(of: run)
        var listed: [JSONValue] = []
        while listed.count < FileCheck.problemLimit, let problem = try reader.next() {
            listed.append(ProblemText.json(problem))
        }
        return .array(listed)
    }
}

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes the report of a finished run again: the same bytes.")

    @Argument(help: ArgumentHelp("The run's name or a unique beginning of it.", valueName: "run"))
    var run: String

    @OptionGroup var options: RunOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Ending.of(again: "intentbatch runs\(place.asTyped)", output: output, place: place) {
            let lookup = try RunsLookup(state: Session.stateOnly(place: place, logger: output.makeLogger()))
            defer { lookup.close() }
            let published = try await lookup.publish(
                lookup.run(named: run), reports: options.reports, by: options.requester)
            StandardOutput.write(
                output.output == .json ? published.summary.json.text : "report: \(published.directory)")
            return Ending(code: .success)
        }
    }
}

import ArgumentParser
import JSON
import Operations
import Runs

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows all that was done about one payment, over all runs.",
        discussion: """
            Every file and row, attempt and answer, what was read before and after, what was found out later, and who \
            started it. Only the state directory is read; nothing is called.
            """)

    @Argument(
        help: ArgumentHelp(
            "An intent id, or a reference of the merchant's own.", valueName: "intent-or-reference"))
    var payment: String

    @OptionGroup(visibility: .hidden) var options: RunOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let again = "intentbatch explain \(shellQuoted(payment))\(place.asTyped)"
        try await Ending.of(again: again, output: output, listing: "rows", place: place) {
            let lookup = try RunsLookup(state: Session.stateOnly(place: place, logger: output.makeLogger()))
            defer { lookup.close() }
            let traces = try await lookup.traces(of: payment)
            guard !traces.isEmpty else {
                throw OperationError(
                    .missing, "no run of this state directory has the intent or reference \(payment)",
                    next: "intentbatch runs")
            }
            var audit: [AuditEntry] = []
            var seen: Set<Int64> = []
            for trace in traces where seen.insert(trace.run.id).inserted {
                audit += try await lookup.audit(of: trace.run)
            }
            if output.output == .json {
                var object = JSONObject()
                object["query"] = .string(payment)
                object["rows"] = .array(traces.map(TraceText.json))
                object["audit"] = AuditText.json(audit)
                object["exit_code"] = 0
                StandardOutput.write(JSONValue.object(object).text)
            } else {
                var lines = traces.flatMap(TraceText.lines)
                lines += ["audit:"] + audit.map { "  \($0.run ?? ""): \(AuditText.line($0))" }
                StandardOutput.write(lines.joined(separator: "\n"))
            }
            return Ending(code: .success)
        }
    }
}

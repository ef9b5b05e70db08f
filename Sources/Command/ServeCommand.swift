import ArgumentParser
import JSON
import Logging
import Operations
import Sandbox
import UnixSignals

/// `intentbatch sandbox` without a subcommand.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves a gateway's API on 127.0.0.1 until SIGTERM or SIGINT.",
        discussion: """
            Prints one line when it is ready: sandbox GATEWAY listening on URL ledger FILE
            Effects go to the ledger before they are answered. Started again with it, even after kill -9, the
            sandbox goes on where it was.
            """)

    @Option(help: ArgumentHelp("The port; 0 takes any free one.", valueName: "n"))
    var port = 0

    @Option(help: "The gateway that is played.")
    var gateway: SandboxCommand.Gateway = .useepay

    @Option(
        help: ArgumentHelp("Intents, one JSON object a line; without it there are none.", valueName: "file"))
    var intents: String?

    @Option(
        help: ArgumentHelp(
            "What was done, one JSON object a line (default: ./sandbox-GATEWAY.ledger.ndjson).",
            valueName: "file"))
    var ledger: String?

    @Option(help: ArgumentHelp("What is to go wrong (docs/sandbox.md).", valueName: "file"))
    var faults: String?

    @Flag(help: "Play none of Mangopay's limits on calls, for rehearsals of more than 2,300 calls.")
    var noLimits = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard 0...65_535 ~= port else { throw ValidationError("--port is 0 to 65535") }
    }

    func run() async throws {
        try await Ending.of(again: again, output: output) {
            let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
            let ledger = ledger ?? "./sandbox-\(gateway.rawValue).ledger.ndjson"
            let sandbox = try Sandbox(options: options(ledger))
            let name = gateway.rawValue
            try await sandbox.run(
                until: { for await _ in signals { return } },
                onReady: { port in
                    let url = "http://127.0.0.1:\(port)"
                    let object: JSONValue = [
                        "gateway": .string(name), "url": .string(url), "ledger": .string(ledger),
                    ]
                    StandardOutput.write(
                        output.output == .json
                            ? object.text : "sandbox \(name) listening on \(url) ledger \(ledger)")
                })
            return Ending(code: .success)
        }
    }

    private func options(_ ledger: String) -> SandboxOptions {
        var logger = Logger(label: "sandbox") { _ in StandardErrorLog(format: .text) }
        logger.logLevel = .warning
        let played: SandboxGateway =
            switch gateway {
            case .useepay: .useepay()
            case .mangopay: .mangopay(noLimits ? MangopayOptions(limits: []) : MangopayOptions())
            }
        return SandboxOptions(
            gateway: played, intentsPath: intents, ledgerPath: ledger, faultsPath: faults, port: port,
            logger: logger)
    }

    /// The command as it was typed.
    private var again: String {
        var words = ["intentbatch sandbox --port \(port) --gateway \(gateway.rawValue)"]
        for (name, value) in [("intents", intents), ("ledger", ledger), ("faults", faults)] {
            if let value { words.append("--\(name) \(shellQuoted(value))") }
        }
        if noLimits { words.append("--no-limits") }
        return words.joined(separator: " ")
    }
}

import ArgumentParser
import JSON
import Operations
import Sandbox

struct SandboxCommand: AsyncParsableCommand {
    /// Serving is a subcommand that need not be typed: options of this command itself would take those of
    /// `generate` that have the same names.
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "A payment gateway on this machine, for rehearsals.",
        usage: """
            intentbatch sandbox [--port N] [--gateway G] [--intents FILE] [--ledger FILE] [--faults FILE] [--no-limits]
            intentbatch sandbox generate --gateway G --rows N --seed S --out DIR
            """,
        discussion: """
            Without a subcommand it serves until SIGTERM or SIGINT: see `intentbatch sandbox serve --help`.
            An account with `sandbox:` in the configuration starts one for each run by itself.
            """,
        subcommands: [ServeCommand.self, GenerateCommand.self], defaultSubcommand: ServeCommand.self)

    enum Gateway: String, ExpressibleByArgument, CaseIterable {
        case useepay, mangopay
    }
}

struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Writes matching intents, instructions, and the outcome expected of each row.")

    @Option(help: "The gateway whose intents are made.")
    var gateway: SandboxCommand.Gateway

    @Option(help: "How many instructions.")
    var rows: Int

    @Option(help: "The same seed gives the same files.")
    var seed: UInt64

    @Option(help: ArgumentHelp("The folder to write to.", valueName: "dir"))
    var out: String

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...UseePayRehearsal.maximumRows).contains(rows) else {
            throw ValidationError("--rows is 1 to \(UseePayRehearsal.maximumRows)")
        }
    }

    func run() async throws {
        let again = "intentbatch sandbox generate --gateway \(gateway.rawValue) --rows \(rows) --seed \(seed)"
        try await Ending.of(again: "\(again) --out \(shellQuoted(out))", output: output) {
            switch gateway {
            case .useepay: try UseePayRehearsal(rows: rows, seed: seed).write(to: out)
            case .mangopay: try MangopayRehearsal(rows: rows, seed: seed).write(to: out)
            }
            if output.output == .json {
                let object: JSONValue = [
                    "intents": .string("\(out)/intents-\(gateway.rawValue).ndjson"),
                    "instructions": .string("\(out)/instructions-\(gateway.rawValue).csv"),
                    "expected": .string("\(out)/expected-\(gateway.rawValue).csv"), "exit_code": 0,
                ]
                StandardOutput.write(object.text)
            } else if !output.quiet {
                StandardOutput.write(
                    """
                    \(out)/intents-\(gateway.rawValue).ndjson: give it to an account as sandbox: { intents: … }
                    \(out)/instructions-\(gateway.rawValue).csv: run it
                    \(out)/expected-\(gateway.rawValue).csv: the outcome expected of each row
                    """)
            }
            return Ending(code: .success)
        }
    }
}

package import ArgumentParser
import JSON
import Operations

/// The command line of intentbatch (contract, section 2).
package struct IntentBatchCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "intentbatch",
        abstract: "Runs files of bulk cancel and capture instructions against payment-intent APIs.",
        discussion: """
            Every row takes effect at most once, no row is ever lost, and the report says how each result is known.
            A run that is interrupted is resumed, never restarted.

            EXIT CODES
              0  every row applied or already applied, or within the job's `tolerate`; or nothing to do
              1  finished; some rows rejected, declined or failed
              2  finished; at least one row is unconfirmed: a person must look
              3  file refused; nothing was sent
              4  stopped itself (too many failures, refused credentials, outage, a max reached); resumable
              5  interrupted (signal, deadline); resumable
              6  this input has already been run
              64 usage   66 input or RUN missing   70 internal error   74 disk
              75 another process has it            78 configuration or state
            """,
        version: releaseVersion,
        subcommands: [
            CheckCommand.self, PlanCommand.self, RunCommand.self, ResumeCommand.self, RunsCommand.self,
            ShowCommand.self, ReportCommand.self, ExplainCommand.self, DoctorCommand.self,
            ResolveCommand.self, AbandonCommand.self, RulesCommand.self, SandboxCommand.self,
        ])

    package init() {}

    /// Asked of arguments that do not parse.
    static func wantsJSON(_ arguments: [String]) -> Bool {
        arguments.contains("--output=json")
            || zip(arguments, arguments.dropFirst()).contains { $0 == "--output" && $1 == "json" }
    }

    /// Parses the arguments, runs the command and leaves the process with the contract's exit code.
    package static func runAndExit(_ arguments: [String]? = nil) async -> Never {
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(withError: nil)
        } catch {
            // A command that ran has said its own.
            guard exitCode(for: error) == .validationFailure, !(error is ArgumentParser.ExitCode) else {
                exit(withError: error)
            }
            let words = arguments ?? Array(CommandLine.arguments.dropFirst())
            if wantsJSON(words) {
                StandardOutput.write(
                    Ending.failureJSON(message(for: error), Operations.ExitCode.usage.rawValue).text)
            }
            StandardError.write(fullMessage(for: error))
            let known = configuration.subcommands.compactMap { $0.configuration.commandName }
            let command = words.first { known.contains($0) }
            StandardError.write("next: intentbatch help\(command.map { " " + $0 } ?? "")")
            exit(withError: ArgumentParser.ExitCode(Operations.ExitCode.usage.rawValue))
        }
    }
}

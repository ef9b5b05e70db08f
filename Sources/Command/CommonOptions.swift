import ArgumentParser
import Glibc
import Instructions
import Logging
import Operations

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    /// swift-log has the same words.
    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

/// How results and logs are written.
struct OutputOptions: ParsableArguments {
    @Option(help: "What stdout gets: text for people, or exactly one JSON object.")
    var output: OutputFormat = .text

    @Flag(help: "Print nothing when the exit code is 0, else the summary on stderr.")
    var quiet = false

    @Option(help: "The least grave log lines that are written.")
    var logLevel: LogLevel = .info

    @Option(help: "How log lines on stderr are written.")
    var logFormat: LogFormat = .text

    /// Whether a line is redrawn in place on the terminal. Programs that read the logs get no such line.
    var showsProgress: Bool { !quiet && logFormat == .text && Terminal.isWatched }

    /// Prints a result for people: on stdout, and with `--quiet` nothing but what did not go well, on stderr.
    func say(_ lines: [String], isFailure: Bool) {
        if quiet {
            if isFailure { StandardError.write(lines.joined(separator: "\n")) }
        } else if output == .text {
            StandardOutput.write(lines.joined(separator: "\n"))
        }
    }

    /// With `--quiet` no warning either: what a run met on its way to exit code 0 is nobody's mail.
    func makeLogger() -> Logger {
        var logger = Logger(label: "intentbatch") { [logFormat] _ in StandardErrorLog(format: logFormat) }
        logger.logLevel = quiet ? .critical : logLevel.level
        return logger
    }
}

/// Where configuration and state are.
struct PlaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration; the log says which one is used.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp("The state directory: one per set of accounts, on a local disk.", valueName: "dir")
    )
    var state: String?

    /// As they were given, for the next command to type.
    var asTyped: String {
        [("--config", config), ("--state", state)]
            .compactMap { name, value in value.map { " \(name) \(shellQuoted($0))" } }
            .joined()
    }
}

/// Which account, where reports go, and who asks.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The account, when there are several and no default-account.", valueName: "name"))
    var account: String?

    @Option(help: ArgumentHelp("The folder that gets a folder for each run's report.", valueName: "dir"))
    var reports: String?

    @Option(help: ArgumentHelp("Who asks for it, kept with the run (default: user@host).", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("A note kept with the run.", valueName: "text"))
    var note: String?

    /// As they were given, for the next command to type.
    var asTyped: String {
        [("--account", account), ("--reports", reports), ("--by", by), ("--note", note)]
            .compactMap { name, value in value.map { " \(name) \(shellQuoted($0))" } }
            .joined()
    }

    var requester: Requester { Self.requester(by: by, note: note) }

    /// Who asks: as `--by` says, else the user on this host.
    static func requester(by: String?, note: String?) -> Requester {
        if let by { return Requester(name: by, note: note) }
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? String(getuid())
        let hostText = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return Requester(name: "\(user)@\(hostText)", note: note)
    }
}

extension ReadOptions.Encoding: ExpressibleByArgument {}
extension ReadOptions.DecimalMark: ExpressibleByArgument {}
extension ReadOptions.Delimiter: ExpressibleByArgument {
    package init?(argument: String) { self.init(named: argument) }
}

/// How instruction files are to be read, as far as they do not say so themselves; a job's own keys otherwise.
struct ReadingOptions: ParsableArguments {
    @Option(help: "How bytes stand for characters: utf-8 (default) or windows-1252. Never guessed.")
    var encoding: ReadOptions.Encoding?

    @Option(help: "What stands before decimals in CSV: point (default) or comma. Never guessed.")
    var decimal: ReadOptions.DecimalMark?

    @Option(help: "What stands between the fields of CSV; found from the header otherwise.")
    var delimiter: ReadOptions.Delimiter?

    var choice: ReadingChoice { ReadingChoice(encoding: encoding, decimal: decimal, delimiter: delimiter) }

    /// The command that looks at a refused file once more, read the same way and by the same job.
    func checkAgain(_ file: String, jobPath: String?) -> String {
        let job = jobPath.map { " --job \(shellQuoted($0))" } ?? ""
        return "mend the file, then: intentbatch check \(shellQuoted(file))\(job)\(asTyped)"
    }

    /// As they were given, for the next command to type.
    var asTyped: String {
        [
            ("--encoding", encoding?.rawValue), ("--decimal", decimal?.rawValue),
            ("--delimiter", delimiter?.rawValue),
        ].compactMap { name, value in value.map { " \(name) \($0)" } }.joined()
    }
}

/// A word that a shell takes as one argument.
func shellQuoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "/._-+=:@,".utf8.contains(byte)
    }
    return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}

import ArgumentParser
import Instructions
import Intake
import JSON
import Operations
import Settings

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Lists every problem of instruction files. Sends nothing.")

    @Argument(help: ArgumentHelp("Instruction files: CSV or NDJSON, plain or gzip.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("A job file: its rules are applied too.", valueName: "file"))
    var job: String?

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var expect: ExpectOptions
    @OptionGroup(visibility: .hidden) var options: RunOptions
    @OptionGroup(visibility: .hidden) var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try expect.validate(files: files.count) }

    func run() async throws {
        let jobTyped = job.map { " --job \(shellQuoted($0))" } ?? ""
        let again =
            "intentbatch check \(files.map(shellQuoted).joined(separator: " "))\(jobTyped)\(reading.asTyped)"
            + expect.asTyped
        try await Ending.of(again: again, output: output, listing: "files") {
            let job = try job.map { try JobFile.read(path: $0) }
            var codes: [Operations.ExitCode] = []
            var objects: [JSONValue] = []
            for file in files {
                do {
                    let result = try CheckOperation.check(
                        file: file, job: job, reading: reading.choice, expected: expect.totals)
                    codes.append(result.isRefused ? .fileRefused : .success)
                    objects.append(.object(ProblemText.json(result, file: file)))
                    output.say(ProblemText.lines(result, file: file), isFailure: result.isRefused)
                } catch {
                    let failed = Ending.failed(error, again: again)
                    codes.append(failed.code)
                    objects.append(["file": .string(file), "error": .string(failed.failure ?? "")])
                }
            }
            let code = Operations.ExitCode.gravest(codes)
            if output.output == .json {
                let object: JSONValue = ["files": .array(objects), "exit_code": .number("\(code.rawValue)")]
                StandardOutput.write(object.text)
            }
            return Ending(
                code: code,
                next: code == .success ? [] : ["mend what is listed, then: \(again)"])
        }
    }
}

import Foundation
import Instructions
import Intake
import Settings
import Testing

@testable import Gzip
@testable import InstructionFiles
@testable import Operations

/// `docs/problems.md` is what checking `samples/problems` says: a file for each code, with the job that some need.
@Suite struct ProblemPageTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    private static let samples = root + "/samples/problems"
    private static let page = root + "/docs/problems.md"
    private static let codes =
        FileProblemCode.allCases.map(\.rawValue) + RuleProblemCode.allCases.map(\.rawValue)

    /// Their limits are far beyond what a sample may be; `GzipTests` reach them with smaller ones.
    private static let withoutSample: [String: FileFault] = [
        "gzip_too_large": .structure(.gzip(GzipError(.tooLarge, offset: 0, limits: GzipLimits()))),
        "gzip_members": .structure(.gzip(GzipError(.tooManyMembers, offset: 0, limits: GzipLimits()))),
    ]

    private static func sample(of code: String) -> String? {
        [".csv", ".ndjson", ".csv.gz"].map { "\(samples)/\(code)\($0)" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    private static func check(_ code: String, _ sample: String) throws -> CheckResult {
        let job = "\(samples)/\(code).yaml"
        let exists = FileManager.default.fileExists(atPath: job)
        return try CheckOperation.check(file: sample, job: exists ? JobFile.read(path: job) : nil)
    }

    @Test("The sample of each code is told so, and refused unless it is a warning", arguments: codes)
    func sample(code: String) throws {
        guard let sample = Self.sample(of: code) else {
            #expect(Self.withoutSample[code]?.code.rawValue == code)
            return
        }
        let result = try Self.check(code, sample)
        let problem = try #require(result.problems.first { $0.code == code }, "\(result.problems)")
        #expect(result.isRefused == (problem.severity == .error))
        #expect(!problem.message.isEmpty && !problem.mend.isEmpty)
    }

    @Test("There are samples of no other codes")
    func noOthers() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.samples)
        let stems = Set(names.compactMap { $0.split(separator: ".").first.map(String.init) })
        #expect(stems == Set(Self.codes).subtracting(Self.withoutSample.keys))
        #expect(Set(Self.codes).count == Self.codes.count, "no code has two meanings")
    }

    @Test("docs/problems.md is what the code says; `make problems` writes it anew")
    func page() throws {
        let text = try Self.codes.sorted().reduce(Self.head) { try $0 + Self.line($1) }
        if ProcessInfo.processInfo.environment["REWRITE_PROBLEMS"] != nil {
            try text.write(toFile: Self.page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: Self.page, encoding: .utf8) == text)
    }

    private static let head = """
        # Problems

        Everything that can be wrong in an instruction file. Made from the code by `make problems`; the sentences are
        those that the samples get. Codes are stable. A problem of a row refuses the whole file too, unless the job says
        `on-invalid: skip`; a problem of the file always does.

        | code | severity | refuses | what it says | how to mend it | sample |
        |---|---|---|---|---|---|

        """

    private static func line(_ code: String) throws -> String {
        var problem = withoutSample[code].map { Problem($0) }
        var link = "(beyond any sample)"
        if let sample = sample(of: code) {
            problem = try check(code, sample).problems.first { $0.code == code }
            let name = sample.dropFirst(samples.count + 1)
            link = "[\(name)](../samples/problems/\(name))"
        }
        guard let problem else { return "| `\(code)` | ? |\n" }
        let refusesFile = problem.row == nil || FileProblemCode(rawValue: code)?.refusesFile == true
        let refuses = problem.severity == .warning ? "nothing" : refusesFile ? "the file" : "the row"
        let cells = [
            "`\(code)`", problem.severity.rawValue, refuses, problem.message, problem.mend, link,
        ]
        let text = cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")
        return "| \(text.replacing(samples + "/", with: "")) |\n"
    }
}

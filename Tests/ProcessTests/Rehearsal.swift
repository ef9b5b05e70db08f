import Foundation
import Gzip
import InstructionFiles
import JSON
import Sandbox
import Testing

/// A folder with a generated rehearsal, a configuration for it, and the real binary to run on it.
final class Rehearsal: Sendable {
    let folder: String
    let gateway: String

    /// The instruction file that was generated.
    var file: String { "instructions-\(gateway).csv" }

    /// - Parameter account: lines below the account, such as `limits: [100/1s]`.
    init(
        _ gateway: String = "useepay", rows: Int = 0, seed: UInt64 = 1,
        account: [String] = ["timeout: 500ms"], faults: String? = nil
    )
        throws
    {
        self.gateway = gateway
        folder = NSTemporaryDirectory() + "intentbatch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if rows > 0 {
            switch gateway {
            case "mangopay": try MangopayRehearsal(rows: rows, seed: seed).write(to: folder)
            default: try UseePayRehearsal(rows: rows, seed: seed).write(to: folder)
            }
        }
        var sandbox = "intents: intents-\(gateway).ndjson"
        if let faults {
            try write(faults, to: "faults.json")
            sandbox += ", faults: faults.json"
        }
        let lines = ["gateway: \(gateway)", "sandbox: { \(sandbox) }"] + account
        try write(
            "accounts:\n  practice:\n" + lines.map { "    \($0)\n" }.joined(), to: "intentbatch.yaml")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func path(_ name: String) -> String { folder + "/" + name }

    // MARK: The binary

    struct Ended {
        let code: Int32
        let out: String
        let err: String
    }

    /// The binary beside the test bundle.
    static var binary: String {
        var url = URL(fileURLWithPath: CommandLine.arguments[0])
        // swift test runs a bundle or a runner below the folder that holds the products.
        for _ in 0..<6 {
            let candidate = url.appendingPathComponent("intentbatch").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
            url.deleteLastPathComponent()
        }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(".build/debug/intentbatch").path
    }

    /// Starts the binary in the folder; its output goes to files, so that no pipe fills up.
    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Started {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.binary)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var variables = ["HOME": folder, "PATH": "/usr/bin:/bin", "INTENTBATCH_STATE": path("state")]
        variables.merge(environment) { $1 }
        process.environment = variables
        let name = UUID().uuidString
        let (out, err) = (path("\(name).out"), path("\(name).err"))
        for file in [out, err] { try Data().write(to: URL(fileURLWithPath: file)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return Started(process: process, out: out, err: err)
    }

    struct Started {
        let process: Process
        let out: String
        let err: String

        /// Waits for the end, at most 120 s; then the process is killed and the test told. Never blocks a thread:
        /// other suites of this process serve sockets meanwhile.
        func end() async -> Ended {
            let deadline = ContinuousClock.now + .seconds(120)
            while process.isRunning {
                guard ContinuousClock.now < deadline else {
                    kill(process.processIdentifier, SIGKILL)
                    Issue.record("the process did not end within 120 s")
                    break
                }
                try? await Task.sleep(for: .milliseconds(5))
            }
            process.waitUntilExit()
            let text = { (path: String) in (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
            return Ended(code: process.terminationStatus, out: text(out), err: text(err))
        }

        func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }
    }

    @discardableResult
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Ended {
        try await start(arguments, environment: environment).end()
    }

    // MARK: The gateway's own record

    var ledgerPath: String? {
        let folder = path("state/sandbox")
        return (try? FileManager.default.contentsOfDirectory(atPath: folder))?
            .first { $0.hasSuffix(".ndjson") }.map { folder + "/" + $0 }
    }

    /// Effects of the ledger: `cancel 1012…` once for each time the gateway changed something.
    func effects(_ ledger: String? = nil) throws -> [String] {
        guard let ledgerPath = ledger ?? ledgerPath else { return [] }
        let text = try String(contentsOfFile: ledgerPath, encoding: .utf8)
        return try text.split(separator: "\n").compactMap { line in
            // A torn last line is what a kill leaves behind.
            guard line.hasSuffix("}") else { return nil }
            let event = try JSONValue(parsing: String(line))
            guard event["kind"]?.string == "effect" else { return nil }
            return "\(event["operation"]?.string ?? "?") \(event["intent_id"]?.string ?? "?")"
        }
    }

    /// Returns once the ledger has that many effects; false when the process ends first or 60 s have passed.
    func waitForEffects(_ count: Int, of started: Started) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline, started.process.isRunning {
            if try effects().count >= count { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    // MARK: Our report

    struct Row: Equatable {
        let row: Int
        let intentID: String
        let action: String
        let outcome: String
        var code: String
        var howKnown = ""
    }

    func records(_ path: String) throws -> [[String: String]] {
        var reader = try CSVFileReader(path: path)
        guard let header = try reader.next() else { return [] }
        let names = header.fields.map { String(decoding: $0, as: UTF8.self) }
        var records: [[String: String]] = []
        while let record = try reader.next() {
            let values = record.fields.map { String(decoding: $0, as: UTF8.self) }
            records.append(Dictionary(uniqueKeysWithValues: zip(names, values)))
        }
        return records
    }

    func reportFolder() throws -> String {
        let reports = path("reports")
        let runs = try FileManager.default.contentsOfDirectory(atPath: reports)
        return reports + "/" + (try #require(runs.first))
    }

    /// The results file, unpacked.
    func results() throws -> [Row] {
        let folder = try reportFolder()
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first {
                $0.hasSuffix(".results.csv.gz")
            })
        let packed = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        let plain = try Gzip.decompress(Array(packed), limit: 1 << 30)
        try Data(plain).write(to: URL(fileURLWithPath: path("results.csv")))
        return try records(path("results.csv")).map { record in
            Row(
                row: Int(record["result_row"] ?? "") ?? -1, intentID: record["intent_id"] ?? "",
                action: record["action"] ?? "", outcome: record["result_outcome"] ?? "",
                code: record["result_code"] ?? "", howKnown: record["result_how_known"] ?? "")
        }
    }

    func expected() throws -> [Row] {
        try records(path("expected-\(gateway).csv")).map { record in
            Row(
                row: Int(record["row"] ?? "") ?? -1, intentID: record["intent_id"] ?? "",
                action: record["action"] ?? "", outcome: record["outcome"] ?? "", code: record["code"] ?? "")
        }
    }

    /// Outcomes equal the expectation row by row, and the ledger's effects equal the applied rows one for one.
    /// - Parameter ledger: another one than the embedded sandbox's.
    func judge(ledger: String? = nil) throws {
        let results = try results()
        let expected = try expected()
        #expect(results.count == expected.count)
        for (result, wanted) in zip(results, expected) {
            var plain = result
            plain.howKnown = ""
            #expect(plain == wanted)
        }
        let applied = results.filter { $0.outcome == "applied" }.map { "\($0.action) \($0.intentID)" }
        #expect(try effects(ledger).sorted() == applied.sorted())
    }
}

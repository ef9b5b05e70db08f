import Foundation
import Sandbox

/// A folder with a generated rehearsal and a configuration for it; `start` runs the real binary in it.
///
/// The account is called `practice` with an embedded sandbox, `live` with a sandbox that is a process of its own.
package final class Rehearsal: Sendable {
    package let folder: String
    package let gateway: String
    /// The binary under trial.
    package let binary: String
    private let hasFaults: Bool

    /// The instruction file that was generated.
    package var file: String { "instructions-\(gateway).csv" }

    /// How long an answer is awaited at least: a machine under load must not turn an answer into a lost one. What
    /// is lost on purpose is resolved this and 5 s later.
    package static let patient = "timeout: 2s"
    /// Some 15 effects a second: whoever wants to meet a run in its middle has seconds to do so.
    package static let slow = [patient, "limits: [40/1s]", "concurrency: 32"]
    package static let fast = [patient, "concurrency: 32"]

    /// - Parameters:
    ///   - folder: nil makes one in the system's folder for temporary files. Removed with the rehearsal.
    ///   - account: lines below the account, such as `limits: [100/1s]`.
    ///   - faults: a fault script for the embedded sandbox (docs/sandbox.md).
    package init(
        _ gateway: String = "useepay", rows: Int = 0, seed: UInt64 = 1, binary: String,
        account: [String] = Rehearsal.fast, faults: String? = nil
    ) throws {
        self.gateway = gateway
        self.binary = binary
        hasFaults = faults != nil
        folder = NSTemporaryDirectory() + "intentbatch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if rows > 0 {
            switch gateway {
            case "mangopay": try MangopayRehearsal(rows: rows, seed: seed).write(to: folder)
            default: try UseePayRehearsal(rows: rows, seed: seed).write(to: folder)
            }
        }
        if let faults { try write(faults, to: "faults.json") }
        try configure(account)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes the configuration with an embedded sandbox. Limits, concurrency and timeout may change between two
    /// executions of a run.
    package func configure(_ account: [String]) throws {
        let faults = hasFaults ? ", faults: faults.json" : ""
        let sandbox = "sandbox: { intents: intents-\(gateway).ndjson\(faults) }"
        try configure("practice", [sandbox] + account)
    }

    /// Writes the configuration with the address of a sandbox that runs beside it.
    package func configure(_ served: ServedSandbox, _ account: [String] = Rehearsal.fast) throws {
        let names = gateway == "mangopay" ? "client-id: acme" : "merchant-no: \"500000000007245\", app-id: a"
        var lines = [
            "base-url: \(served.url)", "credentials: { \(names), api-key: { env: \(Self.keyVariable) } }",
        ]
        // A live account without limits gets the gateway's own, which would make hours of a rehearsal. A window
        // counts as used up at the start, so it is a short one.
        if !account.contains(where: { $0.hasPrefix("limits:") }) { lines.append("limits: [10000/10ms]") }
        try configure("live", lines + account)
    }

    static let keyVariable = "REHEARSAL_KEY"

    private func configure(_ account: String, _ lines: [String]) throws {
        let lines = ["gateway: \(gateway)"] + lines
        try write(
            "accounts:\n  \(account):\n" + lines.map { "    \($0)\n" }.joined(), to: "intentbatch.yaml")
    }

    // MARK: Files

    package func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    }

    /// Deals the rows of the instruction file out to that many, intents and all: rows of one intent stay together.
    /// - Returns: their names.
    package func split(into count: Int) throws -> [String] {
        let text = try String(contentsOfFile: path(file), encoding: .utf8)
        let lines = text.split(separator: "\n").map(String.init)
        guard let header = lines.first,
            let column = header.split(separator: ",").firstIndex(of: "intent_id")
        else { throw TrialError("no intent_id in \(file)") }
        var parts = Array(repeating: [header], count: count)
        var part: [Substring: Int] = [:]
        for line in lines.dropFirst() {
            let intent = line.split(separator: ",", omittingEmptySubsequences: false)[column]
            let index = part[intent, default: part.count % count]
            part[intent] = index
            parts[index].append(line)
        }
        for (index, part) in parts.enumerated() {
            try write(part.joined(separator: "\n") + "\n", to: "part-\(index + 1).csv")
        }
        return parts.indices.map { "part-\($0 + 1).csv" }
    }

    package func path(_ name: String) -> String { folder + "/" + name }

    package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}

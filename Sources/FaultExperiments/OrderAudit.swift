import Foundation
import Trials

/// P4 on the level of system calls: the first byte of each money-changing request leaves after the sync of the
/// write-ahead log that holds its attempt.
enum OrderAudit {
    static let experiments = Experiment.gateways.map { gateway in
        Experiment(
            name: "order-\(gateway)",
            says: "strace: each money-changing request leaves after the fdatasync of its attempt"
        ) { bench in
            guard Strace.isThere else { return .skipped(Strace.missing) }
            return try await audit(gateway, rows: bench.isQuick ? 60 : 500, on: bench)
        }
    }

    private static func audit(_ gateway: String, rows: Int, on bench: Bench) async throws -> Measured {
        let rehearsal = try bench.rehearsal(gateway, rows: rows)
        return try await rehearsal.serving(["--no-limits"]) { served in
            try rehearsal.configure(served)
            let trace = rehearsal.path("trace")
            let ended = try await rehearsal.start(
                ["run", rehearsal.file, "--reports", "reports"],
                under: Strace.recording(
                    ["pwrite64", "fdatasync", "write", "writev", "sendto", "sendmsg"], to: trace)
            ).end()
            guard ended.code == 1 else { throw TrialError("exit \(ended.code): \(ended.err)") }
            var tally = try bench.judge(rehearsal, served.ledger)
            let keys = Dictionary(
                try rehearsal.results().filter { !$0.key.isEmpty }.map {
                    ("\($0.action) \($0.intentID)", $0.key)
                }, uniquingKeysWith: { first, _ in first })
            let audit = try SystemCallOrder(trace: String(contentsOfFile: trace, encoding: .utf8), keys: keys)
            if audit.requests != tally.attempted {
                tally.unexpected += 1
                tally.note("\(audit.requests) requests seen, \(tally.attempted) in the ledger")
            }
            tally.unexpected += audit.tooEarly.count
            audit.tooEarly.forEach { tally.note("left before its attempt was synced: \($0)") }
            return Measured(
                tally,
                "\(audit.requests) requests after \(audit.syncs) syncs, \(audit.tooEarly.count) too early")
        }
    }
}

/// Reads what strace wrote. A line stands where a call begins; its end may stand on a later line of the thread.
struct SystemCallOrder {
    private(set) var requests = 0
    private(set) var syncs = 0
    private(set) var tooEarly: [String] = []

    /// Keys that were written to the log since the last sync of it began, and those that a sync holds that
    /// has not ended; then those that are on disk.
    private var written: Set<String> = []
    private var syncing: [String: Set<String>] = [:]
    private var synced: Set<String> = []

    /// - Parameter keys: the key of each row by `ACTION INTENT`, for a gateway whose requests carry none.
    init(trace: String, keys: [String: String]) {
        let known = Set(keys.values)
        for line in trace.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard words.count == 2 else { continue }
            let thread = String(words[0])
            let call = words[1].drop { $0 == " " }
            if call.hasPrefix("pwrite64("), call.contains("intentbatch.sqlite-wal>") {
                written.formUnion(Self.keys(in: call, known))
            } else if call.hasPrefix("fdatasync("), call.contains("intentbatch.sqlite-wal>") {
                syncing[thread] = written
                if !call.contains("<unfinished") { end(thread, call) }
            } else if call.hasPrefix("<... fdatasync resumed>") {
                end(thread, call)
            } else if call.contains("\"POST /"), call.contains("<TCP:") || call.contains("<socket:") {
                request(call, keys, known)
            }
        }
    }

    private mutating func end(_ thread: String, _ call: Substring) {
        guard let keys = syncing.removeValue(forKey: thread), call.hasSuffix("= 0") else { return }
        syncs += 1
        synced.formUnion(keys)
        written.subtract(keys)
    }

    private mutating func request(_ call: Substring, _ keys: [String: String], _ known: Set<String>) {
        guard let start = call.range(of: "\"POST ")?.upperBound,
            let path = call[start...].split(separator: " ").first
        else { return }
        let parts = path.split(separator: "/")
        guard let last = parts.last, ["cancel", "capture", "captures"].contains(last) else { return }
        requests += 1
        let intent = parts.dropLast().last ?? ""
        let action = last == "cancel" ? "cancel" : "capture"
        let key = Self.keys(in: call, known).first ?? keys["\(action) \(intent)"]
        guard let key, synced.contains(key) else {
            tooEarly.append("\(action) \(intent)")
            return
        }
    }

    /// Keys look like `6LBHPM….-12-1`: found by their base, then compared whole.
    private static func keys(in call: Substring, _ known: Set<String>) -> Set<String> {
        guard let base = known.first?.split(separator: "-").first else { return [] }
        var found: Set<String> = []
        var rest = call
        while let match = rest.range(of: base) {
            let key = rest[match.lowerBound...].prefix { $0.isLetter || $0.isNumber || $0 == "-" }
            // In a page other fields follow the key without a separator.
            for length in stride(from: key.count, to: base.count, by: -1) {
                let candidate = String(key.prefix(length))
                if known.contains(candidate) {
                    found.insert(candidate)
                    break
                }
            }
            rest = rest[match.upperBound...]
        }
        return found
    }
}

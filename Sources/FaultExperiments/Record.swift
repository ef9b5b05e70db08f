import Trials

/// How an experiment ended.
struct Record: Sendable {
    enum Verdict: String {
        case kept = "PASS"
        case broken = "FAIL"
        case skipped = "SKIP"
        case notMade = "ERROR"
    }

    let name: String
    let seed: UInt64
    let verdict: Verdict
    let tally: Tally
    let detail: String
    let seconds: Int

    static func made(by experiment: Experiment, on bench: Bench) async -> Record {
        let start = ContinuousClock.now
        func record(_ verdict: Verdict, _ measured: Measured) -> Record {
            Record(
                name: experiment.name, seed: bench.seed, verdict: verdict, tally: measured.tally,
                detail: measured.detail, seconds: Int((ContinuousClock.now - start) / .seconds(1)))
        }
        do {
            let measured = try await experiment.measure(bench)
            if let reason = measured.skipped { return record(.skipped, Measured(Tally(), reason)) }
            let tally = measured.tally
            let isKept = tally.lost == 0 && tally.duplicated == 0 && tally.unexpected == 0
            return record(isKept ? .kept : .broken, measured)
        } catch {
            return record(.notMade, Measured(Tally(), "\(error)"))
        }
    }

    private static let heads = [
        "attempted", "applied", "lost", "duplicated", "unexpected", "recovered", "unconfirmed",
    ]

    private var counts: [Int] {
        [
            tally.attempted, tally.applied, tally.lost, tally.duplicated, tally.unexpected, tally.recovered,
            tally.unconfirmed,
        ]
    }

    var line: String {
        let counts = zip(Self.heads, counts).map { "\($0) \($1)" }.joined(separator: " ")
        let findings = tally.findings.map { "\n    \($0)" }.joined()
        return "\(verdict.rawValue) \(name), seed \(seed), \(seconds) s: \(detail); \(counts)\(findings)"
    }

    static func table(_ records: [Record]) -> String {
        let rows =
            [["", "experiment", "seed"] + heads + ["seconds"]]
            + records.map { record in
                [record.verdict.rawValue, record.name, "\(record.seed)"] + record.counts.map(String.init)
                    + ["\(record.seconds)"]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let blank = String(repeating: " ", count: widths[column] - cell.count)
                return column < 2 ? cell + blank : blank + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

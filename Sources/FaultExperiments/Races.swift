import Foundation
import Trials

/// Several processes that want the same.
enum Races {
    static let experiments =
        Experiment.gateways.map { gateway in
            Experiment(
                name: "races-\(gateway)", says: "2 to 8 processes start on one input at once: one runs it"
            ) { bench in
                let count = bench.isQuick ? 4 : 50
                let tally = try await bench.each(Array(0..<count), width: 2) { number in
                    try await race(gateway, number, on: bench)
                }
                return Measured(tally, "\(count) races over 40 rows")
            }
        }
        + Experiment.gateways.flatMap { gateway in
            [
                pairs("shared-intents-\(gateway)", "two files with the same rows are run at once") {
                    try await sharedIntents(gateway, $0, later: false, on: $1)
                },
                pairs(
                    "resaved-file-\(gateway)", "the file is saved again, other bytes, while its run goes on"
                ) {
                    try await sharedIntents(gateway, $0, later: true, on: $1)
                },
            ]
        } + [
            Experiment(
                name: "lock-freed", says: "a second process is refused by pid, and not after kill -9"
            ) { bench in
                let count = bench.isQuick ? 1 : 5
                let tally = try await bench.each(Array(0..<count), width: 2) { number in
                    try await lockFreed(number, on: bench)
                }
                return Measured(tally, "\(count) runs of 200 rows")
            }
        ]

    private static func pairs(
        _ name: String, _ says: String, _ trial: @escaping @Sendable (Int, Bench) async throws -> Tally
    ) -> Experiment {
        Experiment(name: name, says: says) { bench in
            let count = bench.isQuick ? 2 : 10
            let tally = try await bench.each(Array(0..<count), width: 2) { try await trial($0, bench) }
            return Measured(tally, "\(count) pairs of files with 200 rows")
        }
    }

    private static func race(_ gateway: String, _ number: Int, on bench: Bench) async throws -> Tally {
        var chance = bench.chance("race \(number)")
        let rehearsal = try bench.rehearsal(gateway, rows: 40, seed: bench.seed &+ UInt64(number))
        return try await rehearsal.serving { served in
            try rehearsal.configure(served)
            let racers = try (0..<Int.random(in: 2...8, using: &chance)).map { _ in
                try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
            }
            var codes: [Int32] = []
            for racer in racers { codes.append(try await racer.end().code) }
            var tally = try bench.judge(rehearsal, served.ledger)
            // A few seeds give no row that is to be rejected.
            let isAllDone = try rehearsal.expected().allSatisfy {
                ["applied", "already_applied"].contains($0.outcome)
            }
            let ran: Int32 = isAllDone ? 0 : 1
            if codes.count(where: { $0 == ran }) != 1 || !codes.allSatisfy({ [ran, 6, 75].contains($0) }) {
                tally.unexpected += 1
                tally.note("race \(number): exit codes \(codes)")
            }
            return tally
        }
    }

    /// The same instructions twice, in files that differ: at once, or the second one while the first is half way.
    private static func sharedIntents(
        _ gateway: String, _ number: Int, later: Bool, on bench: Bench
    ) async throws -> Tally {
        let rehearsal = try bench.rehearsal(gateway, rows: 200, seed: bench.seed &+ UInt64(number))
        let text = try String(contentsOfFile: rehearsal.path(rehearsal.file), encoding: .utf8)
        try rehearsal.write(text.replacingOccurrences(of: "\n", with: "\r\n"), to: "again.csv")
        return try await rehearsal.serving { served in
            try rehearsal.configure(served, [Rehearsal.patient, "limits: [200/1s]", "concurrency: 32"])
            let first = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
            if later { _ = try await rehearsal.waitForEffects(40, of: first, in: served.ledger) }
            let second = try rehearsal.start(["run", "again.csv", "--reports", "second"])
            let ended = [
                try await bench.end(rehearsal, of: first, ["run", rehearsal.file, "--reports", "reports"]),
                try await bench.end(rehearsal, of: second, ["run", "again.csv", "--reports", "second"]),
            ]
            guard ended.allSatisfy({ $0.code == 1 }) else {
                throw TrialError("exit \(ended.map(\.code)): \(ended.map(\.err))")
            }
            return try judgeTogether(
                [rehearsal.results(), rehearsal.results(in: "second")], expected: rehearsal.expected(),
                ledger: GatewayLedger(path: served.ledger))
        }
    }

    /// Of the same row in both files one run applies it where it is to be applied, and the gateway has one effect.
    /// The later run may reject any row that the earlier one has still to run.
    private static func judgeTogether(
        _ reports: [[ReportedRow]], expected: [ReportedRow], ledger: GatewayLedger
    ) -> Tally {
        let byRow = reports.map {
            Dictionary($0.map { ($0.row, $0) }, uniquingKeysWith: { first, _ in first })
        }
        var merged: [ReportedRow] = []
        var complaints: [String] = []
        var twice = 0
        for wanted in expected {
            let rows = byRow.compactMap { $0[wanted.row] }
            guard rows.count == reports.count else { continue }
            let applied = rows.filter { $0.outcome == "applied" }
            if applied.count > 1 { twice += 1 }
            merged.append(applied.first ?? rows.first { $0.isExpectation == wanted } ?? rows[0])
            let others = rows.filter { $0.outcome != "applied" && $0.isExpectation != wanted }
            for row in others where !["already_applied", "rejected"].contains(row.outcome) {
                complaints.append("row \(row.row) is \(row.outcome) \(row.code) in the other run")
            }
        }
        var tally = Judge().tally(results: merged, expected: expected, ledger: ledger)
        tally.duplicated += twice
        if twice > 0 { tally.note("\(twice) rows are called applied by both runs") }
        tally.unexpected += complaints.count
        complaints.forEach { tally.note($0) }
        return tally
    }

    private static func lockFreed(_ number: Int, on bench: Bench) async throws -> Tally {
        let rehearsal = try bench.rehearsal("useepay", rows: 200, seed: bench.seed &+ UInt64(number))
        return try await rehearsal.serving { served in
            try rehearsal.configure(served, Rehearsal.slow)
            let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
            guard try await rehearsal.waitForEffects(10, of: started, in: served.ledger) else {
                throw TrialError("not met in the middle: \(try await started.end().err)")
            }
            var complaints: [String] = []
            let second = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
            if second.code != 75 || !second.err.contains("\(started.pid)") {
                complaints.append("while it runs: exit \(second.code): \(second.err)")
            }
            try await started.killNow()
            try rehearsal.configure(served)
            let resumed = try await rehearsal.run("resume")
            if resumed.code != 1 { complaints.append("after kill -9: exit \(resumed.code): \(resumed.err)") }
            var tally = try bench.judge(rehearsal, served.ledger)
            tally.unexpected += complaints.count
            complaints.forEach { tally.note($0) }
            return tally
        }
    }
}

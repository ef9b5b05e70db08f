import Foundation
import Trials

/// kill -9 at random moments, then again the same command.
enum Kills {
    static let experiments = Experiment.gateways.map { gateway in
        Experiment(
            name: "kills-\(gateway)",
            says:
                "kill -9 at random moments over 20,000 rows, 32 calls in flight (200 kills; quick: 12 over 1,500)"
        ) { bench in
            let (kills, rows) = bench.isQuick ? (12, 1_500) : (200, 20_000)
            return try await measure(gateway, kills: kills, rows: rows, on: bench)
        }
    }

    private static func measure(
        _ gateway: String, kills: Int, rows: Int, on bench: Bench
    ) async throws -> Measured {
        var chance = bench.chance("kills-\(gateway)")
        var tally = Tally()
        var done = 0
        var runs = 0
        while done < kills {
            let rehearsal = try bench.rehearsal(gateway, rows: rows, seed: bench.seed &+ UInt64(runs))
            let limit = kills - done
            let (found, count, after) = try await rehearsal.serving(["--no-limits"]) { served in
                try rehearsal.configure(served)
                // Answers take a while, so that a kill meets calls in flight.
                try await served.setFaults(
                    #"{"faults": [{"operation": "*", "every": 1, "do": "delay", "milliseconds": 20}]}"#)
                var chance = chance
                let count = try await killAgainAndAgain(rehearsal, served, limit, &chance)
                let run = ["run", rehearsal.file, "--reports", "reports"]
                let ended = try await bench.end(rehearsal, of: rehearsal.start(run), run)
                guard [1, 6].contains(ended.code) else {
                    throw TrialError("exit \(ended.code): \(ended.err)")
                }
                return (try bench.judge(rehearsal, served.ledger), count, chance)
            }
            chance = after
            tally.add(found)
            done += count
            runs += 1
        }
        return Measured(tally, "\(done) kills over \(runs) runs of \(rows) rows")
    }

    /// Until the limit, or until the run is over. A third of the kills come while the process starts, reads the
    /// file in and takes up what was open, the others in the middle of its work; once everything has taken effect
    /// they come at its end and while it writes the report.
    /// - Returns: how many kills met a living process.
    private static func killAgainAndAgain(
        _ rehearsal: Rehearsal, _ served: ServedSandbox, _ limit: Int, _ chance: inout Chance
    ) async throws -> Int {
        let all = try rehearsal.expected().count { $0.outcome == "applied" }
        var kills = 0
        while kills < limit {
            let effects = try GatewayLedger.countEffects(in: served.ledger)
            let resumes = effects > 0 && Bool.random(using: &chance)
            let started = try rehearsal.start(
                resumes ? ["resume"] : ["run", rehearsal.file, "--reports", "reports"])
            if effects == all {
                try await pause(milliseconds: .random(in: 0...2_000, using: &chance))
            } else if Int.random(in: 0..<3, using: &chance) == 0 {
                try await pause(milliseconds: .random(in: 0...500, using: &chance))
            } else {
                let wanted = min(all, effects + .random(in: 1...max(1, all / 60), using: &chance))
                _ = try await rehearsal.waitForEffects(wanted, of: started, in: served.ledger)
                try await pause(milliseconds: .random(in: 0...60, using: &chance))
            }
            let ended = try await started.killNow()
            if ended.wasKilled {
                kills += 1
            } else if [0, 1, 6].contains(ended.code) {
                break
            } else {
                throw TrialError("exit \(ended.code) after a kill: \(ended.err)")
            }
        }
        return kills
    }
}

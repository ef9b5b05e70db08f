import Foundation
import Trials

/// Orderly stops, and tokens that lapse under way.
enum Stops {
    static let experiments =
        Experiment.gateways.map { gateway in
            Experiment(
                name: "sigterm-\(gateway)",
                says: "several SIGTERM and SIGINT at once, again and again: exit 5, then resume"
            ) { bench in
                try await storm(gateway, storms: bench.isQuick ? 4 : 25, on: bench)
            }
        } + [
            Experiment(
                name: "token-expiry",
                says: "64 calls in flight when their token is revoked"
            ) { bench in
                let seeds = (0..<(bench.isQuick ? 2 : 12)).map { bench.seed &+ $0 }
                let tally = try await bench.each(seeds, width: 3) { try await tokensRevoked(seed: $0, bench) }
                return Measured(tally, "\(seeds.count) runs of 400 rows, 64 in flight")
            }
        ]

    private static func storm(_ gateway: String, storms: Int, on bench: Bench) async throws -> Measured {
        let rehearsal = try bench.rehearsal(gateway, rows: bench.isQuick ? 400 : 2_000)
        return try await rehearsal.serving(["--no-limits"]) { served in
            // Slow enough that the run outlives the storms.
            try rehearsal.configure(served, [Rehearsal.patient, "limits: [60/1s]", "concurrency: 32"])
            var chance = bench.chance("sigterm-\(gateway)")
            var tally = Tally()
            var made = 0
            for _ in 0..<storms {
                let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
                try await pause(milliseconds: .random(in: 0...2_500, using: &chance))
                for _ in 0..<8 {
                    started.signal(Bool.random(using: &chance) ? SIGTERM : SIGINT)
                    try await pause(milliseconds: .random(in: 0...30, using: &chance))
                }
                let ended = try await started.end()
                // A signal before the handler is there ends the process as any other would.
                guard ended.wasKilled || ended.code == 5 else {
                    tally.unexpected += 1
                    tally.note("exit \(ended.code) after SIGTERM: \(ended.err)")
                    break
                }
                made += 1
            }
            try rehearsal.configure(served)
            let run = ["run", rehearsal.file, "--reports", "reports"]
            let ended = try await bench.end(rehearsal, of: rehearsal.start(run), run)
            guard ended.code == 1 else { throw TrialError("exit \(ended.code): \(ended.err)") }
            tally.add(try bench.judge(rehearsal, served.ledger))
            return Measured(tally, "\(made) storms of 8 signals")
        }
    }

    private static func tokensRevoked(seed: UInt64, _ bench: Bench) async throws -> Tally {
        let rehearsal = try bench.rehearsal("mangopay", rows: 400, seed: seed)
        try rehearsal.write(
            """
            {"seed": \(seed), "faults": [
              {"operation": "cancel", "nth": \(30 + seed % 60), "do": "revoke_token"},
              {"operation": "cancel", "every": 1, "do": "delay", "milliseconds": 400},
              {"operation": "capture", "every": 1, "do": "delay", "milliseconds": 400}]}
            """, to: "faults.json")
        return try await rehearsal.serving(["--no-limits", "--faults", "faults.json"]) { served in
            try rehearsal.configure(served, ["timeout: 5s", "concurrency: 64"])
            let run = ["run", rehearsal.file, "--reports", "reports"]
            let ended = try await bench.end(rehearsal, of: rehearsal.start(run), run)
            guard ended.code == 1 else { throw TrialError("exit \(ended.code): \(ended.err)") }
            return try bench.judge(rehearsal, served.ledger)
        }
    }
}

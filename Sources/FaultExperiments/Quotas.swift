import Foundation
import Pacing
import Trials

/// An account's limits, as the sandbox's ledger shows the calls.
enum Quotas {
    static let experiments =
        [1, 2, 4].map { count in
            Experiment(
                name: "quotas-\(count)",
                says:
                    "\(count) processes under 50/2s and 120/10s, one killed and resumed: none exceeded, 97 % used",
                isQuick: false
            ) { try await shared(processes: count, on: $0) }
        } + [
            Experiment(
                name: "quotas-storm",
                says: "the gateway allows 10 calls a second, we are told 1,000: pauses are kept",
                isQuick: false
            ) { try await storm(on: $0) },
            Experiment(
                name: "quotas-outage",
                says: "the gateway answers 503 for 30 s: it is probed, no row is given up",
                isQuick: false
            ) { try await outage(on: $0) },
        ]

    private static let limits = [
        CallLimit(calls: 50, length: .seconds(2)), CallLimit(calls: 120, length: .seconds(10)),
    ]

    private static func shared(processes count: Int, on bench: Bench) async throws -> Measured {
        let rehearsal = try bench.rehearsal("useepay", rows: 360)
        let files = try rehearsal.split(into: count)
        return try await rehearsal.serving { served in
            try rehearsal.configure(
                served, [Rehearsal.patient, "limits: [50/2s, 120/10s]", "concurrency: 8"])
            var started = try files.map { try rehearsal.start(["run", $0, "--reports", "reports"]) }
            guard try await rehearsal.waitForEffects(60, of: started[0], in: served.ledger) else {
                throw TrialError("not met in the middle: \(try await started[0].end().err)")
            }
            try await started[0].killNow()
            started[0] = try rehearsal.start(["run", files[0], "--reports", "reports"])
            var tally = Tally()
            for process in started {
                let ended = try await process.end()
                if ![0, 1].contains(ended.code) { tally.note("exit \(ended.code): \(ended.err)") }
            }
            let ledger = try GatewayLedger(path: served.ledger)
            let audit = CallAudit(ledger)
            tally.attempted = ledger.attempted
            tally.applied = ledger.effects.count
            let violations = audit.violations(of: limits)
            let used = audit.rateUsed(of: limits)
            tally.unexpected = violations + tally.findings.count
            if used < 0.97 {
                tally.unexpected += 1
                tally.note("only \(used) of the rate was used")
            }
            let share = Int((used * 1000).rounded())
            return Measured(
                tally,
                "\(audit.calls) calls, \(violations) violations, \(share / 10).\(share % 10) % of the rate")
        }
    }

    /// The most calls in flight.
    private static let concurrency = 16

    private static func storm(on bench: Bench) async throws -> Measured {
        let rehearsal = try bench.rehearsal("useepay", rows: 200)
        try rehearsal.write(
            """
            {"faults": [{"operation": "*", "above": 10, "within": 1000, "do": "answer", "status": 429,
              "headers": {"Retry-After": "1"}}]}
            """, to: "faults.json")
        return try await rehearsal.serving(["--faults", "faults.json"]) { served in
            try rehearsal.configure(
                served, [Rehearsal.patient, "limits: [1000/1s]", "concurrency: \(concurrency)"])
            let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
            var tally = try bench.judge(rehearsal, served.ledger)
            let ledger = try GatewayLedger(path: served.ledger)
            let audit = CallAudit(ledger)
            if ![0, 1].contains(ended.code) { tally.note("exit \(ended.code): \(ended.err)") }
            let inside = audit.mostWithin(.seconds(1))
            if inside > concurrency { tally.note("\(inside) calls within a Retry-After") }
            let changes = ledger.arrivals.count { $0.isChange && !$0.isStruck }
            if changes * 10 > tally.rows * 11 {
                tally.note("\(changes) money-changing calls, 429 not counted")
            }
            let used = audit.rateUsed(of: [CallLimit(calls: 10, length: .seconds(1))])
            if used < 1 / 1.05 { tally.note("only \(used) of the rate was used") }
            tally.unexpected += tally.findings.count
            let share = Int((used * 1000).rounded())
            return Measured(
                tally,
                "\(audit.calls) calls, \(ledger.struck) answered 429, \(inside) at most within a "
                    + "Retry-After, \(changes) changes for \(tally.rows) rows, "
                    + "\(share / 10).\(share % 10) % of the rate")
        }
    }

    /// Failed calls after which 5xx answers are taken for an outage (`GatewayHealth.failuresInARow`).
    private static let failuresInARow = 10

    private static func outage(on bench: Bench) async throws -> Measured {
        let rehearsal = try bench.rehearsal("useepay", rows: 200)
        return try await rehearsal.serving { served in
            try rehearsal.configure(
                served, [Rehearsal.patient, "limits: [40/1s]", "concurrency: \(concurrency)"])
            let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
            guard try await rehearsal.waitForEffects(30, of: started, in: served.ledger) else {
                throw TrialError("not met in the middle: \(try await started.end().err)")
            }
            try await served.setFaults(
                #"{"faults":[{"operation":"*","every":1,"do":"answer","status":503}]}"#)
            try await Task.sleep(for: .seconds(30))
            try await served.setFaults(#"{"faults":[]}"#)
            let ended = try await started.end()
            var tally = try bench.judge(rehearsal, served.ledger)
            let struck = try GatewayLedger(path: served.ledger).struck
            if ended.code != 1 { tally.note("exit \(ended.code): \(ended.err)") }
            // One after a second; the one a minute later meets a gateway that answers again.
            let most = failuresInARow + concurrency + 1
            if struck > most { tally.note("\(struck) calls during the outage, more than \(most)") }
            tally.unexpected += tally.findings.count
            return Measured(
                tally, "\(struck) calls met the outage: those in flight, those that began it, the probes")
        }
    }
}

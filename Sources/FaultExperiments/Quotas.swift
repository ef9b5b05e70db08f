import Foundation
import JSON
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
                name: "quotas-eta",
                says:
                    "the end that plan and show tell beforehand, against the end that comes: 5 % off at most",
                isQuick: false
            ) { try await eta(on: $0) },
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
    private static let limitedAccount = [
        Rehearsal.patient, "limits: [\(limits.map(\.text).joined(separator: ", "))]", "concurrency: 8",
    ]

    private static func shared(processes count: Int, on bench: Bench) async throws -> Measured {
        let rehearsal = try bench.rehearsal("useepay", rows: 360)
        let files = try rehearsal.split(into: count)
        return try await rehearsal.serving { served in
            try rehearsal.configure(served, limitedAccount)
            func start(_ file: String) throws -> StartedProcess {
                try rehearsal.start(["run", file, "--reports", "reports"] + CallAudit.traced)
            }
            var started = try files.map(start)
            guard try await rehearsal.waitForEffects(60, of: started[0], in: served.ledger) else {
                throw TrialError("not met in the middle: \(try await started[0].end().err)")
            }
            var logs = [try await started[0].killNow().err]
            started[0] = try start(files[0])
            var tally = Tally()
            for process in started {
                let ended = try await process.end()
                logs.append(ended.err)
                if ![0, 1].contains(ended.code) { tally.note("exit \(ended.code): \(ended.err)") }
            }
            let ledger = try GatewayLedger(path: served.ledger)
            let audit = CallAudit(ledger)
            tally.attempted = ledger.attempted
            tally.applied = ledger.effects.count
            let violations = audit.violations(of: limits)
            let starts = try CallAudit(logs: logs)
            let tooEarly = starts.violations(of: limits, slack: .zero)
            if starts.calls < audit.calls {
                tally.note("only \(starts.calls) of \(audit.calls) calls were logged")
            }
            let used = audit.rateUsed(of: limits)
            tally.unexpected = violations + tooEarly + tally.findings.count
            if used < 0.97 {
                tally.unexpected += 1
                tally.note("only \(used) of the rate was used")
            }
            let share = Int((used * 1000).rounded())
            return Measured(
                tally,
                "\(audit.calls) calls, \(violations) violations at the gateway, \(tooEarly) by our own start times, "
                    + "\(share / 10).\(share % 10) % of the rate")
        }
    }

    private static func eta(on bench: Bench) async throws -> Measured {
        let rehearsal = try bench.rehearsal("useepay", rows: 600)
        return try await rehearsal.serving { served in
            try rehearsal.configure(served, limitedAccount)
            var told: [(by: String, at: Date, end: Date)] = []
            func note(_ name: String, _ json: JSONValue?) throws {
                guard let text = json?["ends_at"]?.string, let end = try? Date(text, strategy: .iso8601)
                else {
                    throw TrialError("\(name) tells no end")
                }
                told.append((name, Date(), end))
            }
            let plan = try await rehearsal.run("plan", rehearsal.file, "--output", "json")
            try note("plan", JSONValue(parsing: Array(plan.out.utf8))["plans"]?.array?.first)
            let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
            for effects in [50, 150, 250] {
                guard try await rehearsal.waitForEffects(effects, of: started, in: served.ledger) else {
                    throw TrialError("not met in the middle: \(try await started.end().err)")
                }
                let runs = try await rehearsal.run("runs", "--output", "json")
                let name = try JSONValue(parsing: Array(runs.out.utf8))["runs"]?.array?.first?["run"]?.string
                let show = try await rehearsal.run("show", name ?? "", "--output", "json")
                try note("show at \(effects)", JSONValue(parsing: Array(show.out.utf8))["outlook"])
            }
            let ended = try await started.end()
            let end = Date()
            var tally = try bench.judge(rehearsal, served.ledger)
            if ![0, 1].contains(ended.code) { tally.note("exit \(ended.code): \(ended.err)") }
            let errors = told.map { told in
                let share = abs(told.end.timeIntervalSince(end)) / end.timeIntervalSince(told.at)
                if share > 0.05 { tally.note("\(told.by) is \(share) off") }
                return "\(told.by) \((share * 1000).rounded() / 10) %"
            }
            tally.unexpected += tally.findings.count
            return Measured(tally, "off by: " + errors.joined(separator: ", "))
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

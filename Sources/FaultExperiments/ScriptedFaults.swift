import Foundation
import Trials

/// Every fault of the sandbox's script, at 1, 10 and 100 % of the money-changing calls, and at 10 % of all calls.
enum ScriptedFaults {
    static let experiments = Experiment.gateways.map { gateway in
        Experiment(
            name: "script-\(gateway)",
            says: "every fault of the fault script at 1, 10 and 100 % (quick: some of them at 10 %)"
        ) { bench in
            let trials = trials(gateway, isQuick: bench.isQuick)
            let rows = bench.isQuick ? 60 : 120
            let tally = try await bench.each(Array(trials.enumerated())) { number, trial in
                try await measure(trial, gateway, rows: rows, seed: bench.seed &+ UInt64(number), on: bench)
            }
            return Measured(tally, "\(trials.count) runs of \(rows) rows, \(tally.struck) calls struck")
        }
    }

    private struct Trial: Sendable {
        let kind: FaultKind
        let percent: Int
        let operations: [String]

        func script(seed: UInt64) -> String {
            let rules = operations.map { operation in
                """
                {"operation": "\(operation)", "probability": \(Double(percent) / 100), \(kind.rule)}
                """
            }
            return #"{"seed": \#(seed), "faults": [\#(rules.joined(separator: ", "))]}"#
        }
    }

    private static func trials(_ gateway: String, isQuick: Bool) -> [Trial] {
        let changes = ["cancel", "capture"]
        let kinds = FaultKind.all(gateway)
        if isQuick {
            let names = [
                "answer 500", "apply then 500", "drop before", "drop after", "late 1 s", "hang applied",
                "truncated", "duplicate keys",
            ]
            return kinds.filter { names.contains($0.name) }.map {
                Trial(kind: $0, percent: 10, operations: changes)
            }
        }
        return kinds.flatMap { kind in
            [1, 10, 100].map { Trial(kind: kind, percent: $0, operations: changes) }
        }
            + kinds.filter(\.alsoReads).map { Trial(kind: $0, percent: 10, operations: ["*"]) }
    }

    /// What strikes every call is taken away after a while, since nobody could end a run under it; from then on
    /// the run must end as if nothing had been, with a budget that lets each row be repeated once. An execution that
    /// has stopped itself meanwhile is resumed.
    private static func measure(
        _ trial: Trial, _ gateway: String, rows: Int, seed: UInt64, on bench: Bench
    ) async throws -> Tally {
        let rehearsal = try bench.rehearsal(gateway, rows: rows, seed: seed)
        return try await rehearsal.serving(["--no-limits"]) { served in
            try rehearsal.configure(served)
            try await served.setFaults(trial.script(seed: seed))
            try rehearsal.write(
                "job: script\ninput: \(rehearsal.file)\nreports: reports\nretry: { budget: 100% }\n",
                to: "job.yaml")
            let started = try rehearsal.start(["run", "job.yaml"])
            if trial.percent == 100 {
                try await waitForEnd(of: started, atMost: 5)
                try await served.setFaults(#"{"faults": []}"#)
            }
            var ended = try await started.end()
            if ended.code == 4 {
                try await served.setFaults(#"{"faults": []}"#)
                ended = try await rehearsal.run("resume")
            }
            let name =
                "\(trial.kind.name) at \(trial.percent) % of \(trial.operations.joined(separator: " "))"
            guard [1, 2].contains(ended.code) else {
                throw TrialError("\(name): exit \(ended.code): \(ended.err)")
            }
            var tally = try bench.judge(rehearsal, served.ledger, tolerating: trial.kind.tolerated)
            tally.findings = tally.findings.map { "\(name): \($0)" }
            return tally
        }
    }

    private static func waitForEnd(of started: StartedProcess, atMost seconds: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while started.isRunning, ContinuousClock.now < deadline { try await pause(milliseconds: 50) }
    }
}

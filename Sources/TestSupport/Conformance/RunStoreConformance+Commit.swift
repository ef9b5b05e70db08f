import Instructions
import Pacing
import Runs

extension RunStoreConformance {
    private typealias Samples = RunStoreSamples

    static let commitRules: [Rule] = [
        Rule(sentence: "calls are added up over commits and executions") { subject, findings in
            let (run, checkpoint) = try await started(subject, [Samples.cancel(1, "pi_1")])
            let one = CallCounts(changes: 1, reads: 2, retries: 3)
            findings.expect("no units", try await checkpoint.commit([], calls: one), [])
            _ = try await checkpoint.commit(units([.settle(Samples.settlement(1))]), calls: one)
            _ = try await checkpoint.commit([])
            let record = try await subject.history.run(named: run.name)
            findings.expect("calls", record.calls, one + one)
        },
        Rule(sentence: "sums follow every commit") { subject, findings in
            let (run, checkpoint) = try await started(subject, (1...6).map { Samples.cancel($0, "pi_\($0)") })
            findings.expect("before", try await subject.history.sums(of: run), [])
            _ = try await checkpoint.commit(
                units(
                    [.settle(Samples.settlement(1, asked: 100, applied: 100))],
                    [.settle(Samples.settlement(2, asked: 23, applied: 20))],
                    [.settle(Samples.settlement(3, .rejected))]))
            _ = try await checkpoint.commit(
                units(
                    [.settle(Samples.settlement(4, asked: 1, applied: 1))],
                    [.settle(Samples.settlement(5, .rejected, action: .capture))],
                    [.settle(Samples.settlement(6, .unconfirmed, asked: 9))]))
            let sums = try await subject.history.sums(of: run)
            let expected = [
                OutcomeSum(
                    action: .cancel, currency: Samples.euro, outcome: .applied, rows: 3, asked: 124,
                    applied: 121),
                OutcomeSum(
                    action: .cancel, currency: Samples.euro, outcome: .unconfirmed, rows: 1, asked: 9,
                    applied: 0),
                OutcomeSum(action: .cancel, currency: nil, outcome: .rejected, rows: 1, asked: 0, applied: 0),
                OutcomeSum(
                    action: .capture, currency: nil, outcome: .rejected, rows: 1, asked: 0, applied: 0),
            ]
            findings.expect("sums", Set(sums), Set(expected))
            findings.expect("one sum for each kind", sums.count, 4)
        },
        Rule(sentence: "an attempt may be closed and the next one opened in one unit") { subject, findings in
            let (run, checkpoint) = try await started(subject, [Samples.cancel(1, "pi_1")])
            _ = try await checkpoint.commit(units([.open(Samples.attempt(1, "pi_1"))]))
            let results = try await checkpoint.commit(
                units([
                    .close(Samples.closing(1, .notSent)),
                    .open(Samples.attempt(1, "pi_1", number: 2)),
                ]))
            findings.expect("results", results, [.committed(released: [])])
            let attempts = try await subject.history.attempts(of: run, row: 1)
            findings.expect("answers", attempts.map(\.answer), [.notSent, nil])
        },
        Rule(sentence: "the next row on an intent may be opened in the commit that settles the earlier one") {
            subject, findings in
            let (_, checkpoint) = try await started(
                subject, [Samples.cancel(1, "pi_1"), Samples.cancel(2, "pi_1")])
            _ = try await checkpoint.commit(units([.open(Samples.attempt(1, "pi_1"))]))
            let results = try await checkpoint.commit(
                units(
                    [.close(Samples.closing(1)), .settle(Samples.settlement(1))],
                    [.open(Samples.attempt(2, "pi_1"))]))
            guard case .committed(let released)? = results.first else {
                return findings.expect("results", results, [])
            }
            findings.expect("released", released.rowNumbers, [2])
            findings.expect("second unit", results.last, .committed(released: []))
            findings.expect("started", try await checkpoint.loadStarted().rowNumbers, [2])
        },
        Rule(sentence: "a broken rule is an internal fault and writes nothing of its commit") {
            subject, findings in
            let (run, checkpoint) = try await started(
                subject, (1...4).map { Samples.cancel($0, "pi_\($0 % 3)") })
            _ = try await checkpoint.commit(
                units([.settle(Samples.settlement(1))], [.open(Samples.attempt(2, "pi_2"))]))
            let faults: [(String, [RunWrite])] = [
                ("settle twice", [.settle(Samples.settlement(1, .declined))]),
                ("settle no row", [.settle(Samples.settlement(99))]),
                ("open a settled row", [.open(Samples.attempt(1, "pi_1", number: 2))]),
                ("open no row", [.open(Samples.attempt(99, "pi_99"))]),
                ("open twice", [.open(Samples.attempt(2, "pi_2", number: 2))]),
                (
                    "the same number again",
                    [.close(Samples.closing(2)), .open(Samples.attempt(2, "pi_2", number: 1))]
                ),
                ("close what was never opened", [.close(Samples.closing(3))]),
                ("close twice", [.close(Samples.closing(2)), .close(Samples.closing(2))]),
            ]
            for (what, writes) in faults {
                await findings.expect(.internalFault, what) {
                    _ = try await checkpoint.commit(
                        units([.settle(Samples.settlement(3))], writes),
                        calls: CallCounts(changes: 1, reads: 0, retries: 0))
                }
            }
            let settled = try await subject.history.settlements(of: run, after: 0, limit: 9)
            findings.expect("settled", settled, [Samples.settlement(1)])
            findings.expect(
                "settled page", try await subject.history.settledPage(of: run, after: 0, limit: 9),
                SettledPage(settled))
            findings.expect("calls", try await subject.history.run(named: run.name).calls, noCalls)
            let attempts = try await subject.history.attempts(of: run, row: 2)
            findings.expect("attempts", attempts, [Samples.attempt(2, "pi_2")])
            findings.expect("sums", try await subject.history.sums(of: run).map(\.rows), [1])
        },
        Rule(sentence: "an execution begins and ends as the table of states says") { subject, findings in
            let (run, checkpoint) = try await started(subject, [Samples.cancel(1, "pi_1")])
            findings.expect("running", try await subject.history.run(named: run.name).state, .running)
            await findings.expect(.internalFault, "finish with an open row") {
                try await checkpoint.end(stoppedBy: nil, at: Samples.start)
            }
            let later = Samples.start.advanced(by: .seconds(9))
            try await checkpoint.end(stoppedBy: .outage, at: later)
            let stopped = try await subject.history.run(named: run.name)
            findings.expect("stopped", [stopped.state], [.stopped])
            findings.expect("reason", stopped.stoppedBy, .outage)
            findings.expect("ended", stopped.endedAt, later)
            try await checkpoint.begin(actor: "ann@host", at: later)
            let running = try await subject.history.run(named: run.name)
            findings.expect("again", running.state, .running)
            findings.expect("no reason", running.stoppedBy, nil)
            findings.expect("not ended", running.endedAt, nil)
            findings.expect("first start", running.startedAt, Samples.start)
            findings.expect("executions", running.executions, 2)
            _ = try await checkpoint.commit(units([.settle(Samples.settlement(1))]))
            try await checkpoint.end(stoppedBy: nil, at: later)
            findings.expect("finished", try await subject.history.run(named: run.name).state, .finished)
            await findings.expect(.internalFault, "begin a finished run") {
                try await checkpoint.begin(actor: "ann@host", at: later)
            }
        },
    ]
}

import Instructions
import Runs

/// The row guard over runs (resolving.md, section 4).
extension RunStoreConformance {
    private typealias Samples = RunStoreSamples

    static let guardRules: [Rule] = [
        Rule(sentence: "an intent with an open attempt of another run is taken, whole unit and nothing else")
        {
            subject, findings in
            for other in ["alive", "dead"] {
                let (_, first) = try await started(subject, [Samples.cancel(7, "pi_\(other)")], name: other)
                _ = try await first.commit(units([.open(Samples.attempt(7, "pi_\(other)"))]))
                let (run, second) = try await started(
                    subject,
                    (1...3).map { Samples.cancel($0, $0 == 2 ? "pi_\(other)" : "pi_\(other)_\($0)") },
                    name: "second-\(other)")
                let results = try await second.commit(
                    units(
                        [.open(Samples.attempt(1, "pi_\(other)_1"))],
                        [.settle(Samples.settlement(3)), .open(Samples.attempt(2, "pi_\(other)"))]))
                findings.expect(
                    "results beside \(other)", results,
                    [
                        .committed(released: []),
                        .intentTaken(run: other, row: 7, executing: other == "alive"),
                    ])
                findings.expect(
                    "settled", try await subject.history.settlements(of: run, after: 0, limit: 9), [])
                findings.expect("attempts", try await subject.history.attempts(of: run, row: 2), [])
                findings.expect("sums", try await subject.history.sums(of: run), [])
                findings.expect("started", try await second.loadStarted().rowNumbers, [1])
                let waiting = try await second.loadWaiting(after: nil, limit: 9)
                findings.expect("waiting", waiting.rowNumbers, [2, 3])

                _ = try await first.commit(
                    units([.close(Samples.closing(7)), .settle(Samples.settlement(7))]))
                let freed = try await second.commit(units([.open(Samples.attempt(2, "pi_\(other)"))]))
                findings.expect("after it ended", freed, [.committed(released: [])])
            }
        },
        Rule(sentence: "an intent with an unconfirmed row of another run is taken, and waiting does not help")
        {
            subject, findings in
            let (_, first) = try await started(
                subject, [Samples.cancel(1, "pi_1"), Samples.cancel(2, "pi_2")], name: "alive")
            _ = try await first.commit(
                units(
                    [.settle(Samples.settlement(1, .unconfirmed))], [.settle(Samples.settlement(2, .failed))])
            )
            let (_, second) = try await started(
                subject, [Samples.cancel(1, "pi_1"), Samples.cancel(2, "pi_2")], name: "second")
            let results = try await second.commit(
                units([.open(Samples.attempt(1, "pi_1"))], [.open(Samples.attempt(2, "pi_2"))]))
            findings.expect(
                "results", results,
                [.intentTaken(run: "alive", row: 1, executing: false), .committed(released: [])])
        },
        Rule(sentence: "the same intent id at another account is another intent") { subject, findings in
            let (_, first) = try await started(subject, [Samples.cancel(1, "pi_1")], name: "first")
            _ = try await first.commit(units([.open(Samples.attempt(1, "pi_1"))]))
            let other = AccountIdentity(gateway: "useepay", origin: "https://other.example", parties: ["1"])
            let run = try await subject.runImport.create(
                Samples.newRun("other", sha256: "sha-of-first", identity: other))
            try await subject.runImport.append([Samples.cancel(1, "pi_1")], to: run)
            try await subject.runImport.finish(run, rows: 1)
            let second = try await subject.checkpoint(run)
            try await second.begin(actor: "ann@host", at: Samples.start)
            let results = try await second.commit(units([.open(Samples.attempt(1, "pi_1"))]))
            findings.expect("results", results, [.committed(released: [])])
        },
        Rule(sentence: "of two runs that open one intent at once exactly one succeeds") { subject, findings in
            let intents = (1...20).map { "pi_\($0)" }
            let rows = intents.enumerated().map { Samples.cancel($0.offset + 1, $0.element) }
            let opened = try await withThrowingTaskGroup(of: Int.self) { group in
                for racer in 1...4 {
                    let (_, checkpoint) = try await started(subject, rows, name: "racer-\(racer)")
                    group.addTask {
                        var opened = 0
                        for row in rows {
                            let results = try await checkpoint.commit(
                                units([.open(Samples.attempt(row.row, row.intentID))]))
                            if results == [.committed(released: [])] { opened += 1 }
                        }
                        return opened
                    }
                }
                return try await group.reduce(0, +)
            }
            findings.expect("opened", opened, intents.count)
        },
    ]
}

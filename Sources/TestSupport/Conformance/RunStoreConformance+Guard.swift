import Instructions
import Pacing
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
                try await second.begin(actor: "bob@host", at: Samples.start)
                findings.expect("started", try await second.loadStarted().rowNumbers, [1])
                let waiting = try await second.loadWaiting(after: nil, limit: 9)
                findings.expect("waiting", waiting.rowNumbers, [2, 3])

                _ = try await first.commit(
                    units([.close(Samples.closing(7, .refused)), .settle(Samples.settlement(7, .declined))]))
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
        Rule(sentence: "a row that another run did is loaded with it, and can't be opened") {
            subject, findings in
            let done = Samples.cancel(1, "pi_1")
            var settled = Samples.settlement(1)
            settled.isWhole = true
            let (_, first) = try await started(subject, [done, Samples.cancel(2, "pi_2")], name: "first")
            _ = try await first.commit(units([.settle(settled)], [.settle(Samples.settlement(2, .declined))]))
            let (_, second) = try await started(
                subject, [Samples.cancel(1, "pi_2"), Samples.cancel(2, "pi_1")], name: "second")
            let elsewhere = ElsewhereRow(
                run: "first", isEarlier: true, instruction: done, outcome: .applied, isWhole: true)
            findings.expect(
                "loaded", try await second.loadWaiting(after: nil, limit: 9).map(\.elsewhere),
                [[], [elsewhere]])
            let results = try await second.commit(
                units([.open(Samples.attempt(1, "pi_2"))], [.open(Samples.attempt(2, "pi_1"))]))
            findings.expect(
                "results", results,
                [.committed(released: []), .judgedByEarlierRun(.alreadyApplied(elsewhere))])
        },
        Rule(sentence: "a state is not what settles a row where another run's row may have made it") {
            subject, findings in
            let done = Samples.cancel(1, "pi_1")
            var settled = Samples.settlement(1)
            settled.isWhole = true
            let (_, first) = try await started(
                subject, [done, Samples.cancel(2, "pi_2"), Samples.cancel(3, "pi_3")], name: "first")
            _ = try await first.commit(
                units(
                    [.settle(settled)], [.settle(Samples.settlement(2, .unconfirmed))],
                    [.settle(Samples.settlement(3, .failed))]))
            let (_, second) = try await started(
                subject,
                [
                    Samples.capture(1, "pi_2", minorUnits: 1), Samples.cancel(2, "pi_3"),
                    Samples.cancel(3, "pi_1"),
                ], name: "second")
            let results = try await second.commit(
                [1, 2, 3].map { row in
                    var settlement = Samples.settlement(row, .alreadyApplied)
                    settlement.isWhole = true
                    return WriteUnit(id: row, writes: [.settle(settlement)], isByState: true)
                })
            let elsewhere = ElsewhereRow(
                run: "first", isEarlier: true, instruction: done, outcome: .applied, isWhole: true)
            findings.expect(
                "results", results,
                [
                    .intentTaken(run: "first", row: 2, executing: false),
                    .committed(released: []), .judgedByEarlierRun(.alreadyApplied(elsewhere)),
                ])
        },
        Rule(sentence: "of two runs with the same row still to run the later gives way, in either order") {
            subject, findings in
            let row = Samples.cancel(1, "pi_1")
            let (_, first) = try await started(subject, [row], name: "first")
            let (_, second) = try await started(subject, [row], name: "second")
            let late = try await second.commit(units([.open(Samples.attempt(1, "pi_1"))]))
            let open = ElsewhereRow(
                run: "first", isEarlier: true, instruction: row, outcome: nil, isWhole: nil)
            findings.expect(
                "second", late, [.judgedByEarlierRun(.rejected(.earlierRunUnsettled(open)))])
            let early = try await first.commit(units([.open(Samples.attempt(1, "pi_1"))]))
            findings.expect("first", early, [.committed(released: [])])
        },
        Rule(sentence: "a reference that another run used for something else is refused") {
            subject, findings in
            var used = Samples.cancel(1, "pi_1")
            used.reference = "R-1"
            let (_, first) = try await started(subject, [used], name: "first")
            _ = try await first.commit(units([.settle(Samples.settlement(1))]))
            var again = Samples.cancel(1, "pi_2")
            again.reference = "R-1"
            let (_, second) = try await started(subject, [again], name: "second")
            let results = try await second.commit(units([.open(Samples.attempt(1, "pi_2"))]))
            guard case .judgedByEarlierRun(.rejected(let rejection))? = results.first else {
                findings.expect("result", results, [])
                return
            }
            findings.expect("code", rejection.code, "reference_used")
        },
        Rule(sentence: "a row with an ambiguous attempt is sent again whatever other runs did") {
            subject, findings in
            let (_, first) = try await started(subject, [Samples.cancel(1, "pi_1")], name: "first")
            _ = try await first.commit(units([.open(Samples.attempt(1, "pi_1"))]))
            let (_, second) = try await started(subject, [Samples.cancel(1, "pi_1")], name: "second")
            var settled = Samples.settlement(1, .alreadyApplied)
            settled.isWhole = true
            _ = try await second.commit(units([.settle(settled)]))
            let results = try await first.commit(
                units([.close(Samples.closing(1, .ambiguous)), .open(Samples.attempt(1, "pi_1", number: 2))]))
            findings.expect("results", results, [.committed(released: [])])
        },
        Rule(sentence: "the past: rows, repetitions that count, the newest wall time of any run") {
            subject, findings in
            let (_, other) = try await started(subject, [Samples.cancel(9, "pi_9")], name: "other")
            _ = try await other.commit(units([.open(Samples.attempt(9, "pi_9"))]))
            let (_, checkpoint) = try await started(
                subject, (1...3).map { Samples.cancel($0, "pi_\($0)") }, name: "second")
            for (row, answer) in [(1, AnswerClass.ambiguous), (2, .throttled), (3, .refused)] {
                var repeated = Samples.attempt(row, "pi_\(row)", number: 2)
                repeated.isBudgeted = true
                _ = try await checkpoint.commit(
                    units(
                        [.open(Samples.attempt(row, "pi_\(row)"))],
                        [.close(Samples.closing(row, .ambiguous)), .open(repeated)],
                        [.close(Samples.closing(row, number: 2, answer))]))
            }
            let past = try await checkpoint.past()
            findings.expect("rows", past.rows, 3)
            findings.expect("repeats", past.repeats, 2)
            findings.expect("newest", past.newestWall >= Samples.start.advanced(by: .milliseconds(9)), true)
        },
        Rule(sentence: "the same intent id at another account is another intent") { subject, findings in
            let (_, first) = try await started(subject, [Samples.cancel(1, "pi_1")], name: "first")
            _ = try await first.commit(units([.open(Samples.attempt(1, "pi_1"))]))
            let other = AccountIdentity(gateway: "useepay", origin: "https://other.example", parties: ["1"])
            let run = try await subject.runImport.create(
                Samples.newRun("other", sha256: "sha-of-first", identity: other))
            try await subject.runImport.append(Samples.batch([Samples.cancel(1, "pi_1")]), to: run)
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

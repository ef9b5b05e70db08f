import Instructions
import Pacing
import Runs

extension RunStoreConformance {
    private typealias Samples = RunStoreSamples

    static let loadRules: [Rule] = [
        Rule(sentence: "rows on one intent wait for each other, the earliest lapse decides") {
            subject, findings in
            let (_, checkpoint) = try await started(
                subject,
                [
                    Samples.cancel(1, "pi_a"), Samples.cancel(2, "pi_b", expiresAt: 300),
                    Samples.capture(3, "pi_a", minorUnits: 5), Samples.cancel(4, "pi_a", expiresAt: 100),
                    Samples.cancel(5, "pi_c"), Samples.capture(6, "pi_b", minorUnits: 7),
                ])
            let waiting = try await checkpoint.loadWaiting(after: nil, limit: 10)
            findings.expect("order", waiting.rowNumbers, [1, 2, 5])
            findings.expect("priorities", waiting.map(\.priority), [100, 300, .max])
            findings.expect("earlier", waiting.map(\.earlier), [nil, nil, nil])
            findings.expect("started", try await checkpoint.loadStarted(), [])

            var earlier: [PendingRow.Earlier?] = []
            for row in [1, 3, 4] {
                let results = try await checkpoint.commit(units([.settle(Samples.settlement(row))]))
                guard case .committed(let released)? = results.first else { continue }
                earlier += released.map(\.earlier)
                findings.expect(
                    "released by \(row)", released.rowNumbers, row == 4 ? [] : [row + (row == 1 ? 2 : 1)])
                findings.expect("priority after \(row)", released.map(\.priority), row == 4 ? [] : [100])
            }
            findings.expect(
                "earlier of the released", earlier,
                [
                    .init(row: 1, outcome: .applied, sameActionInFile: false),
                    .init(row: 3, outcome: .applied, sameActionInFile: true),
                ])
        },
        Rule(sentence: "a cursor gives every waiting row once, in order of priority and row") {
            subject, findings in
            // Seven rows lapse at each of the times 0, 1 and 2; one in four never lapses.
            let rows = (1...40).map { row in
                Samples.cancel(row, "pi_\(row)", expiresAt: row % 4 == 0 ? nil : Int64(row * 7 % 3))
            }
            let (_, checkpoint) = try await started(subject, rows)
            let order = rows.sorted { ($0.expiresAt ?? .max, $0.row) < ($1.expiresAt ?? .max, $1.row) }.map(
                \.row)
            for limit in [1, 7, 40, 100] {
                var cursor: LoadCursor?
                var seen: [Int] = []
                while seen.count <= rows.count {
                    let page = try await checkpoint.loadWaiting(after: cursor, limit: limit)
                    guard let last = page.last else { break }
                    findings.expect("page of \(limit) is bounded", page.count <= limit, true)
                    seen += page.rowNumbers
                    cursor = LoadCursor(priority: last.priority, row: last.instruction.row)
                }
                findings.expect("rows by \(limit)", seen, order)
            }
        },
        Rule(sentence: "loads of the next execution reflect every commit before it") { subject, findings in
            let (_, checkpoint) = try await started(
                subject,
                [
                    Samples.cancel(1, "pi_1"), Samples.cancel(2, "pi_2"), Samples.cancel(3, "pi_3"),
                    Samples.cancel(4, "pi_3"),
                ])
            _ = try await checkpoint.commit(
                units([.open(Samples.attempt(1, "pi_1"))], [.settle(Samples.settlement(3, .declined))]))
            try await checkpoint.begin(actor: "bob@host", at: Samples.start)
            findings.expect(
                "waiting", try await checkpoint.loadWaiting(after: nil, limit: 9).rowNumbers, [2])
            let begun = try await checkpoint.loadStarted()
            findings.expect("started", begun.rowNumbers, [1, 4])
            findings.expect("attempts", begun.map(\.attempts), [[Samples.attempt(1, "pi_1")], []])
            findings.expect(
                "earlier", begun.map(\.earlier),
                [nil, .init(row: 3, outcome: .declined, sameActionInFile: true)])
        },
        Rule(sentence: "a later execution finds rows whose attempts ended without an outcome") {
            subject, findings in
            let (_, checkpoint) = try await started(
                subject, (1...4).map { Samples.cancel($0, "pi_\($0)") })
            _ = try await checkpoint.commit(
                units([.open(Samples.attempt(1, "pi_1"))], [.open(Samples.attempt(2, "pi_2"))]))
            _ = try await checkpoint.commit(units([.close(Samples.closing(1, .throttled))]))
            // Each execution of several.
            for number in 1...2 {
                try await checkpoint.begin(actor: "bob@host", at: Samples.start)
                let begun = try await checkpoint.loadStarted()
                findings.expect("rows \(number)", begun.rowNumbers, [1, 2])
                findings.expect(
                    "answers \(number)", begun.map { $0.attempts.map(\.answer) }, [[.throttled], [nil]])
                let waiting = try await checkpoint.loadWaiting(after: nil, limit: 9)
                findings.expect("waiting \(number)", waiting.rowNumbers, [3, 4])
            }
        },
        Rule(sentence: "a later execution finds attempts and snapshots exactly as written") {
            subject, findings in
            let (run, checkpoint) = try await started(
                subject, (1...4).map { Samples.cancel($0, "pi_\($0)", expiresAt: 10 - Int64($0)) })
            let first = Samples.attempt(1, "pi_1", snapshot: Samples.intent("pi_1"))
            let second = Attempt(
                row: 1, number: 2, generation: 2, key: "ABCDEFGHIJKLMNOP-1-2", action: .cancel,
                intentID: "pi_1",
                snapshot: nil, amount: Money(minorUnits: 7, currency: Samples.euro),
                lines: [LineAmount(id: "x", minorUnits: 7)], body: Array(0...255), openedAt: Samples.start,
                timeout: .milliseconds(1_500), answer: nil)
            _ = try await checkpoint.commit(
                units(
                    [.open(first)], [.open(Samples.attempt(2, "pi_2"))], [.open(Samples.attempt(3, "pi_3"))]))
            _ = try await checkpoint.commit(
                units(
                    [.close(Samples.closing(1, .ambiguous)), .open(second)],
                    [.close(Samples.closing(2)), .settle(Samples.settlement(2))]))

            let later = try await subject.reopened()
            let found = try await later.history.run(named: run.name)
            findings.expect("state", found.state, .running)
            let again = try await later.checkpoint(found)
            try await again.begin(actor: "bob@host", at: Samples.start.advanced(by: .seconds(60)))
            let begun = try await again.loadStarted()
            var answered = first
            answered.answer = .ambiguous
            findings.expect("rows", begun.rowNumbers, [3, 1])
            findings.expect(
                "attempts", begun.map(\.attempts), [[Samples.attempt(3, "pi_3")], [answered, second]])
            findings.expect("waiting", try await again.loadWaiting(after: nil, limit: 9).rowNumbers, [4])
            findings.expect(
                "attempts of a row", try await later.history.attempts(of: found, row: 1), [answered, second])
            let record = try await later.history.run(named: run.name)
            findings.expect("executions", record.executions, 2)
            findings.expect("started", record.startedAt, Samples.start)
        },
    ]
}

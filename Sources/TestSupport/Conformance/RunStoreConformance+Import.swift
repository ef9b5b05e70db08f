import Instructions
import Runs

extension RunStoreConformance {
    private typealias Samples = RunStoreSamples

    static let importRules: [Rule] = [
        Rule(sentence: "a created run has what was written and is importing") { subject, findings in
            let new = Samples.newRun("run")
            let run = try await subject.runImport.create(new)
            let expected = RunRecord(
                id: run.id, name: "run", state: .importing, accountName: new.accountName,
                identity: new.identity.text, gateway: "useepay", job: new.job, input: new.input,
                keyBase: new.keyBase, rules: new.rules, actor: new.actor, note: new.note,
                createdAt: new.createdAt, startedAt: nil, endedAt: nil, stoppedBy: nil, rows: 0,
                executions: 0,
                calls: CallCounts())
            findings.expect("created", run, expected)
            findings.expect("found by name", try await subject.history.run(named: "run"), expected)
        },
        Rule(sentence: "an input has one run for each account identity") { subject, findings in
            let runImport = subject.runImport
            let other = AccountIdentity(gateway: "useepay", origin: "https://other.example", parties: ["1"])
            findings.expect(
                "before", try await runImport.existingRun(identity: Samples.identity, sha256: "s"), nil)
            let run = try await runImport.create(Samples.newRun("one", sha256: "s"))
            findings.expect(
                "after", try await runImport.existingRun(identity: Samples.identity, sha256: "s"), run)
            findings.expect("elsewhere", try await runImport.existingRun(identity: other, sha256: "s"), nil)
            await findings.expect(.inputTaken, "the same input again") {
                _ = try await runImport.create(Samples.newRun("two", sha256: "s"))
            }
            var again = Samples.newRun("once more", sha256: "s")
            again.again = RunAgain(number: 1, why: "the gateway lost its data")
            let second = try await runImport.create(again)
            findings.expect("what --again said", second.again, again.again)
            findings.expect(
                "the newest", try await runImport.existingRun(identity: Samples.identity, sha256: "s"), second
            )
            await findings.expect(.inputTaken, "the same input once more, twice") {
                _ = try await runImport.create(again)
            }
            _ = try await runImport.create(Samples.newRun("three", sha256: "s", identity: other))
            _ = try await runImport.create(Samples.newRun("four", sha256: "t"))
        },
        Rule(sentence: "of racing creators exactly one wins") { subject, findings in
            let winners = await withTaskGroup(of: String.self) { group in
                for racer in 1...8 {
                    group.addTask {
                        do {
                            let new = Samples.newRun("racer-\(racer)", sha256: "same")
                            return try await subject.runImport.create(new).name
                        } catch let error as RunStoreError where error.code == .inputTaken {
                            return ""
                        } catch {
                            return "threw \(error)"
                        }
                    }
                }
                return await group.reduce(into: []) { $0 += $1.isEmpty ? [] : [$1] }
            }
            let run = try await subject.runImport.existingRun(identity: Samples.identity, sha256: "same")
            findings.expect("winners", winners, run.map { [$0.name] } ?? [])
            findings.expect("runs", try await subject.history.runs().count, 1)
        },
        Rule(sentence: "a run has no rows until all of them are imported") { subject, findings in
            let run = try await subject.runImport.create(Samples.newRun("run"))
            try await subject.runImport.append(Samples.batch([Samples.cancel(1, "pi_1")]), to: run)
            findings.expect("meanwhile", try await subject.history.run(named: "run").rows, 0)
            try await subject.runImport.clearRows(of: run)
            let rows = (1...3).map { Samples.cancel($0, "pi_\($0)") }
            try await subject.runImport.append(Samples.batch(rows), to: run)
            findings.expect("again", try await subject.history.run(named: "run").rows, 0)
            try await subject.runImport.finish(run, rows: 3)
            findings.expect("in the end", try await subject.history.run(named: "run").rows, 3)
        },
        Rule(sentence: "rows come back as they were imported") { subject, findings in
            let rows = Samples.variedInstructions()
            let run = try await imported(subject, rows)
            let loaded = try await subject.checkpoint(run).loadWaiting(after: nil, limit: 10)
            findings.expect("rows", loaded.map(\.instruction).sorted { $0.row < $1.row }, rows)
            let record = try await subject.history.run(named: "run")
            findings.expect("state", record.state, .ready)
            findings.expect("count", record.rows, 3)
        },
        Rule(sentence: "rows rejected with the import have their outcome and free the rows behind them") {
            subject, findings in
            let run = try await subject.runImport.create(Samples.newRun("run"))
            var bad = FaultyRow(row: 2, line: 3)
            bad.action = .cancel
            bad.intentID = "pi_2"
            let rejected = [
                RejectedRow(row: bad, code: "duplicate", message: "as row 1"),
                RejectedRow(row: FaultyRow(row: 4, line: 5), code: "action_missing", message: "blank"),
                RejectedRow(row: FaultyRow(row: 5, line: 6), code: "action_missing", message: "blank"),
            ]
            var batches = ImportBatches()
            for row in [1, 3] { batches.add(Samples.cancel(row, row == 1 ? "pi_1" : "pi_2")) }
            for row in rejected { batches.add(row) }
            try await subject.runImport.append(batches.take(), to: run)
            try await subject.runImport.finish(run, rows: 5)
            let settled = try await subject.history.settlements(of: run, after: 0, limit: 10)
            findings.expect("rows", settled.map(\.row), [2, 4, 5])
            findings.expect("actions", settled.map(\.action), [.cancel, nil, nil])
            findings.expect("codes", settled.map(\.code), ["duplicate", "action_missing", "action_missing"])
            findings.expect("outcomes", settled.map(\.outcome), [.rejected, .rejected, .rejected])
            findings.expect("time", settled.map(\.finishedAt), Array(repeating: run.createdAt, count: 3))
            let sums = try await subject.history.sums(of: run)
            findings.expect("sums", sums.map(\.rows).sorted(), [1, 2])
            let checkpoint = try await subject.checkpoint(run)
            try await checkpoint.begin(actor: "ann@host", at: Samples.start)
            findings.expect(
                "waiting", try await checkpoint.loadWaiting(after: nil, limit: 10).rowNumbers, [1])
            let freed = try await checkpoint.loadStarted()
            findings.expect("freed", freed.rowNumbers, [3])
            findings.expect("behind", freed.first?.earlier?.outcome, .rejected)
            findings.expect("alike", freed.first?.earlier?.sameActionInFile, true)
        },
        Rule(sentence: "rows on one intent are linked over batches, in whatever order they come") {
            subject, findings in
            let run = try await subject.runImport.create(Samples.newRun("run"))
            var batches = ImportBatches()
            let rows = [
                Samples.cancel(1, "pi_1"), Samples.cancel(3, "pi_2", expiresAt: 30),
                Samples.capture(2, "pi_1", minorUnits: 5), Samples.cancel(5, "pi_3"),
                Samples.cancel(4, "pi_1", expiresAt: 20),
            ]
            for row in rows {
                batches.add(row)
                try await subject.runImport.append(batches.take(), to: run)
            }
            try await subject.runImport.finish(run, rows: rows.count)
            let checkpoint = try await subject.checkpoint(run)
            try await checkpoint.begin(actor: "ann@host", at: Samples.start)
            let waiting = try await checkpoint.loadWaiting(after: nil, limit: 10)
            findings.expect("waiting", waiting.rowNumbers, [1, 3, 5])
            findings.expect("priorities", waiting.map(\.priority), [20, 30, .max])
            let first = try await checkpoint.commit(units([.settle(Samples.settlement(1, .applied))]))
            guard case .committed(let second)? = first.first, let row = second.first else {
                return findings.expect("first", first, [.committed(released: [])])
            }
            findings.expect("second", second.rowNumbers, [2])
            findings.expect("its earlier one", row.earlier?.sameActionInFile, false)
            let then = try await checkpoint.commit(
                units([.settle(Samples.settlement(2, .applied, action: .capture))]))
            guard case .committed(let third)? = then.first, let row = third.first else {
                return findings.expect("then", then, [.committed(released: [])])
            }
            findings.expect("third", third.rowNumbers, [4])
            findings.expect("the first one's action", row.earlier?.sameActionInFile, true)
        },
        Rule(sentence: "an interrupted import starts over") { subject, findings in
            let run = try await subject.runImport.create(Samples.newRun("run"))
            try await subject.runImport.append(
                Samples.batch([Samples.cancel(1, "pi_1"), Samples.cancel(2, "pi_2")]), to: run)
            let later = try await subject.reopened()
            let found = try await later.runImport.existingRun(
                identity: Samples.identity, sha256: "sha-of-run")
            findings.expect("state", found?.state, .importing)
            try await later.runImport.clearRows(of: run)
            try await later.runImport.append(Samples.batch([Samples.cancel(1, "pi_9")]), to: run)
            try await later.runImport.finish(run, rows: 1)
            let loaded = try await later.checkpoint(run).loadWaiting(after: nil, limit: 10)
            findings.expect("rows", loaded.map(\.instruction), [Samples.cancel(1, "pi_9")])
        },
        Rule(sentence: "an import that is over, or does not add up, is refused") { subject, findings in
            let run = try await subject.runImport.create(Samples.newRun("run"))
            try await subject.runImport.append(Samples.batch([Samples.cancel(1, "pi_1")]), to: run)
            await findings.expect(.internalFault, "finish with another count") {
                try await subject.runImport.finish(run, rows: 2)
            }
            await findings.expect(.internalFault, "the same row again") {
                try await subject.runImport.append(Samples.batch([Samples.cancel(1, "pi_1")]), to: run)
            }
            try await subject.runImport.finish(run, rows: 1)
            await findings.expect(.internalFault, "append after finish") {
                try await subject.runImport.append(Samples.batch([Samples.cancel(2, "pi_2")]), to: run)
            }
            await findings.expect(.internalFault, "clear after finish") {
                try await subject.runImport.clearRows(of: run)
            }
        },
    ]
}

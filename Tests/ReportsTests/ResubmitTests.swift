import Instructions
import JSON
import Runs
import Testing

@testable import Reports

@Suite struct ResubmitTests {
    @Test(
        "Handed in again is what is known not to have taken effect, and no duplicate",
        arguments: [
            (Outcome.applied, nil, false), (.alreadyApplied, nil, false), (.unconfirmed, nil, false),
            (.unconfirmed, "duplicate", false), (.rejected, nil, true), (.rejected, "amount_invalid", true),
            (.rejected, "duplicate", false), (.rejected, "reference_duplicate", true), (.declined, "x", true),
            (.failed, "read_failed", true), (.notSent, nil, true),
        ] as [(Outcome, String?, Bool)])
    func outcomes(outcome: Outcome, code: String?, again: Bool) {
        #expect(RowFiles.mayRunAgain(outcome, isDuplicate: code == "duplicate") == again)
    }

    @Test("Any mixture of outcomes: every row once in the results, each that may run again in the resubmit")
    func mixtures() async throws {
        var generator = SeededGenerator(state: 5)
        for rows in [0, 1, 7, 1_500] {
            var input = "action,intent_id\n"
            var settled: [Settlement] = []
            for row in 1...max(1, rows) where row <= rows {
                input += "cancel,\(1000 + row)\n"
                var one = settlement(row, try #require(Outcome.allCases.randomElement(using: &generator)))
                if Bool.random(using: &generator) { one.code = "duplicate" }
                settled.append(one)
            }
            let run = try FinishedRun(input: input, rows: rows, settled: settled)
            let published = try await run.publish()
            let results = try run.results().split(separator: "\n").dropFirst()
            let resubmit = try run.resubmit().split(separator: "\n").dropFirst()
            #expect(results.count == rows)
            let again = settled.filter {
                RowFiles.mayRunAgain($0.outcome, isDuplicate: $0.code == "duplicate")
            }.map(\.row)
            #expect(resubmit.map { $0.split(separator: ",")[1] } == again.map { "\(1000 + $0)" })
            #expect(published.summary.findings?.resubmit?.rows == again.count)
            for line in resubmit { #expect(results.contains(line)) }
        }
    }

    @Test("A resubmit file's own result columns give way to new ones, and its origin is kept at the end")
    func lineage() async throws {
        let input = """
            action,Result_Run,intent_id,result_row,result_message,note
            cancel,20261119T020001Z-a-000001,1001,17,"old, of then",mine
            cancel,,1002,,,added by hand
            cancel,20261119T020001Z-a-000001,1003,19,,

            """
        let run = try FinishedRun(
            input: input, rows: 3, settled: (1...3).map { settlement($0, .applied) }, name: "a.resubmit.csv")
        let published = try await run.publish()
        let lines = try run.results().split(separator: "\n")
        #expect(
            lines[0] == "action,intent_id,note,\(ResultColumns.names.joined(separator: ",")),"
                + "result_parent_run,result_parent_row")
        #expect(lines[1].hasPrefix("cancel,1001,mine,\(FinishedRun.name),1,2,applied,"))
        #expect(lines[1].hasSuffix(",2026-11-20T02:00:02.001Z,20261119T020001Z-a-000001,17"))
        #expect(lines[2].hasSuffix(",2026-11-20T02:00:02.002Z,,"))
        #expect(
            published.summary.json["parents"] == [
                ["run": "20261119T020001Z-a-000001", "rows": 2]
            ])
    }

    @Test("More parents than can be told apart are counted together")
    func manyParents() {
        var tally = ParentTally()
        for run in 0..<150 { for _ in 0...run % 2 { tally.add("run-\(run)") } }
        #expect(tally.parents.count == ParentTally.limit)
        #expect(tally.parents.reduce(0) { $0 + $1.rows } + tally.others == 225)
        #expect(tally.others == 75)
    }
}

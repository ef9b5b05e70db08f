import Instructions
import Pacing
import Runs
import Testing

@Suite("An execution that stops by itself")
struct StoppingWalkTests {
    @Test(
        "the budget of failures is spent as its table says",
        arguments: [
            (settled: 199, failed: 19, inARow: 19, isSpent: false), (200, 4, 1, false), (200, 5, 1, true),
            (20, 20, 20, true),
        ])
    func table(_ line: (settled: Int, failed: Int, inARow: Int, isSpent: Bool)) {
        var budget = FailureBudget(FailureLimit(partsPerMillion: 20_000, after: 200, consecutive: 20))
        for _ in 0..<(line.failed - line.inARow) { budget.note(.failed) }
        for _ in 0..<(line.settled - line.failed) { budget.note(.went) }
        for _ in 0..<line.inARow { budget.note(.failed) }
        #expect(budget.isSpent == line.isSpent)
    }

    /// Rows one by one: declined (`d`), cancelled (`c`) or rejected by a rule (`r`), as the letters say.
    private func walk(_ letters: String, _ limit: FailureLimit) -> Walk {
        let rows = letters.indices.enumerated().map {
            RunsTests.row($0.offset + 1, id: "pi_\($0.offset + 1)")
        }
        var walk = Walk(rows, rules: RunRules(stopWhen: limit), concurrency: 1)
        walk.start()
        for (offset, letter) in letters.enumerated() where walk.ended == nil {
            let id = "pi_\(offset + 1)"
            if letter == "r" {
                walk.answer(shows("failed", id: id))
            } else {
                walk.answer(shows("requires_capture", id: id))
                walk.answer(letter == "d" ? refusal : shows("canceled", id: id))
            }
        }
        return walk
    }

    @Test("so many rows in a row go wrong: the run stops, the rest stays open")
    func consecutive() {
        let walk = walk("cddrdcc", FailureLimit(consecutive: 3))
        #expect(walk.stopReason == .failures)
        #expect(walk.settlements.count == 5, "a rejected row neither counts nor ends the row of failures")
    }

    @Test("what went well between them begins the count anew")
    func interrupted() {
        let walk = walk("ddcddc", FailureLimit(consecutive: 3))
        #expect(walk.ended == .some(nil) && walk.settlements.count == 6)
    }

    @Test("the share is judged once enough rows are settled")
    func share() {
        let limit = FailureLimit(partsPerMillion: 200_000, after: 6)
        #expect(walk("dccccc", limit).ended == .some(nil))
        #expect(walk("ddcccc", limit).stopReason == .failures)
        #expect(walk("ddccc", limit).ended == .some(nil))
    }

    @Test("the deadline stops the execution, also while nothing happens; what is in flight is awaited")
    func deadline() {
        var walk = Walk(
            [RunsTests.row(1, id: "pi_1"), RunsTests.row(2, id: "pi_2")], concurrency: 1,
            deadline: .seconds(3600))
        walk.start()
        walk.advance(by: .seconds(3599))
        #expect(walk.ended == nil)
        let woke = walk.skip()
        #expect(woke)
        #expect(walk.stopReason == .deadline, "a read in flight need not be awaited")
        #expect(walk.settlements.isEmpty)
    }

    /// Whole cancels of 100.23 USD one by one under a bound: declined (`d`) or cancelled (`c`).
    private func bounded(_ letters: String, _ dollars: Int64, past: RunPast = RunPast()) -> Walk {
        let rows = letters.indices.enumerated().map {
            RunsTests.row($0.offset + 1, id: "pi_\($0.offset + 1)")
        }
        var rules = RunRules()
        rules.maximumSums = ["USD": dollars * 100]
        var walk = Walk(rows, rules: rules, concurrency: 1, past: past)
        walk.start()
        for (offset, letter) in letters.enumerated() where walk.ended == nil {
            let id = "pi_\(offset + 1)"
            walk.answer(shows("requires_capture", id: id))
            guard walk.ended == nil else { break }
            walk.answer(letter == "d" ? refusal : shows("canceled", id: id))
        }
        return walk
    }

    @Test("a row whose amount goes beyond the job's max is not sent: the run stops, resumable")
    func sumBound() {
        let walk = bounded("ccc", 250)
        #expect(walk.stopReason == .limit && walk.settlements.count == 2 && walk.changes.count == 2)
        #expect((walk.ended ?? nil)?.message?.contains("200.46 USD were asked for so far") == true)
        #expect(bounded("ccc", 301).ended == .some(nil))
    }

    @Test("what was declined does not count, what earlier executions did counts")
    func sumsGivenBackAndTaken() {
        #expect(bounded("dddcc", 250).ended == .some(nil))
        var past = RunPast()
        past.asked = [dollars("200.00")]
        #expect(bounded("c", 250, past: past).stopReason == .limit)
    }

    @Test("a row that was sent before the stop counts once when it is taken up again")
    func sumOfOpenRow() {
        var rules = RunRules()
        rules.maximumSums = ["USD": 15_000]
        var first = Walk([RunsTests.row(1)], rules: rules)
        first.start()
        first.answer(shows("requires_capture"))
        let open = first.attempts
        #expect(open.count == 1 && open[0].amount == dollars("100.23"))
        var second = Walk([], started: [RunsTests.row(1, attempts: open)], rules: rules)
        second.start()
        second.skipToCall()
        second.answer(shows("requires_capture"))
        second.skipToCall()
        #expect(second.changes.count == 1, "it is sent again: the whole under the next generation")
        #expect(second.ended == nil)
    }
}

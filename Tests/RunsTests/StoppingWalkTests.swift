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
}

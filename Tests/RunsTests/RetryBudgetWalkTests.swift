import Instructions
import Pacing
import Runs
import Testing

@Suite("The retry budget of a run")
struct RetryBudgetWalkTests {
    @Test(
        "what may be repeated: a share of the rows and a floor",
        arguments: [(20, 100_000, 12), (8000, 100_000, 810), (8000, 0, 10)])
    func limits(rows: Int, share: Int, limit: Int) {
        #expect(RetryBudget(rows: rows, partsPerMillion: share).limit == limit)
    }

    /// Every money-changing call is lost, every read shows the intent unchanged.
    private func lostForEver(_ walk: inout Walk) {
        walk.start()
        while walk.ended == nil {
            walk.skipToCall()
            guard let call = walk.openCalls.first else { break }
            if case .change = call.request.call {
                walk.answer(lost)
            } else {
                walk.answer(shows("requires_capture", id: call.request.call.intentID ?? ""))
            }
        }
    }

    @Test("when it is spent, rows are read one last time and stay unconfirmed, and the run ends")
    func spent() {
        let rows = (1...30).map { RunsTests.row($0, id: "pi_\($0)") }
        var walk = Walk(rows, past: RunPast(rows: rows.count))
        lostForEver(&walk)
        #expect(walk.changes.count == 30 + 13, "30 rows, 10 % of them and the floor of 10")
        #expect(walk.settlements.count == 30)
        #expect(walk.settlements.allSatisfy { $0.outcome == .unconfirmed })
        #expect(walk.settlements.contains { $0.code == "retry_budget_spent" })
    }

    @Test("rows that were found to be repeated at the same time do not overdraw it")
    func decidedTogether() {
        let ids = ["pi_1", "pi_2"]
        let rows = ids.enumerated().map { RunsTests.row($0 + 1, id: $1) }
        var walk = Walk(rows, past: RunPast(rows: 2, repeats: RetryBudget.floor - 1))
        walk.start()
        for id in ids { walk.answer(shows("requires_capture", id: id)) }
        for _ in ids { walk.answer(lost) }
        walk.skipToCall()
        walk.grantsLeases = false
        for id in ids { walk.answer(shows("requires_capture", id: id)) }
        walk.grant(2)
        #expect(walk.changes.count == 3)
        #expect(walk.openCalls.map(\.request.method).sorted() == ["GET", "POST"])
    }

    @Test("what earlier executions spent counts")
    func overExecutions() {
        let rows = (1...30).map { RunsTests.row($0, id: "pi_\($0)") }
        var walk = Walk(rows, past: RunPast(rows: rows.count, repeats: 13))
        lostForEver(&walk)
        #expect(walk.changes.count == 30)
    }

    @Test("401 and 429 burn nothing")
    func notProcessed() {
        let rows = (1...30).map { RunsTests.row($0, id: "pi_\($0)") }
        var walk = Walk(rows, past: RunPast(rows: rows.count, repeats: 13))
        var throttled = 0
        walk.start()
        while walk.ended == nil {
            walk.skipToCall()
            guard let call = walk.openCalls.first else { break }
            let id = call.request.call.intentID ?? ""
            guard case .change = call.request.call else {
                walk.answer(shows("requires_capture", id: id))
                continue
            }
            throttled += 1
            walk.answer(throttled % 2 == 1 ? Answer(.throttled(nil)) : shows("canceled", id: id))
        }
        #expect(walk.settlements.count { $0.outcome == .applied } == 30)
    }

    @Test("the first repetition of an attempt that a crash left open is free")
    func crash() {
        let opened = Attempt(
            row: 1, number: 1, generation: 1, key: "abcdefghijklmnop-1-1", action: .cancel, intentID: "pi_1",
            snapshot: intent("requires_capture"), amount: dollars("100.23"), lines: [], body: [],
            openedAt: WallTime(seconds: 1_799_990_000), timeout: .seconds(30), answer: nil)
        var walk = Walk(
            [], started: [RunsTests.row(attempts: [opened])], past: RunPast(rows: 1, repeats: 99))
        walk.start()
        walk.skipToCall()
        walk.answer(shows("requires_capture"))
        walk.skipToCall()
        #expect(walk.letters == "rC")
        #expect(walk.attempts.map(\.isBudgeted) == [false])
        walk.answer(lost)
        walk.skipToCall()
        walk.answer(shows("requires_capture"))
        #expect(walk.settlements.map(\.code) == ["retry_budget_spent"])
    }
}

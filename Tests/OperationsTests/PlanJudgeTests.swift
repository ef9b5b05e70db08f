import Gateways
import Instructions
import Runs
import Testing

@testable import Operations

@Suite("What a row would do")
struct PlanJudgeTests {
    private let judge: PlanJudge

    init() throws {
        judge = PlanJudge(
            profile: try #require(Gateways.profile(named: "useepay")), needsExternalData: false)
    }

    private func cancel(_ row: Int, _ intent: String = "pi_1") -> Instruction {
        Instruction(row: row, line: row + 1, action: .cancel, intentID: intent, requested: .everything(nil))
    }

    private func intent(_ status: String) throws -> PlanJudge.Reading {
        let dollar = try #require(Currency(code: "USD"))
        return .intent(
            PaymentIntent(id: "pi_1", status: status, amount: Money(minorUnits: 100, currency: dollar)))
    }

    private func other(_ outcome: Outcome?) -> RowElsewhere {
        RowElsewhere(rows: [
            ElsewhereRow(
                run: "before", isEarlier: true, instruction: cancel(9), outcome: outcome, isWhole: true)
        ])
    }

    @Test("by the state of its intent, as a run would judge it")
    func byState() throws {
        let cases: [(PlanJudge.Reading, PlannedRow.Effect, String?)] = [
            (try intent("requires_capture"), .wouldApply, nil),
            (try intent("cancelled"), .alreadyApplied, nil),
            (try intent("succeeded"), .rejected, "state_not_allowed"),
            (try intent("pending"), .pending, nil),
            (.notFound, .rejected, "intent_not_found"),
            (.unreadable("HTTP 500"), .unreadable, nil),
            (.notRead, .notRead, nil),
        ]
        for (reading, effect, code) in cases {
            #expect(judge.beforeReading(cancel(1), RowElsewhere()) == nil)
            let planned = judge.judge(cancel(1), reading, RowElsewhere())
            #expect(planned.effect == effect && planned.code == code, "\(reading)")
        }
    }

    @Test("an earlier run settles it without a read")
    func byEarlierRun() throws {
        let cases: [(Outcome?, PlannedRow.Effect?, String?)] = [
            (.applied, .alreadyApplied, "applied_by_earlier_run"),
            (.unconfirmed, .rejected, "earlier_run_unsettled"), (nil, .rejected, "earlier_run_unsettled"),
            (.declined, nil, nil),
        ]
        for (outcome, effect, code) in cases {
            let planned = judge.beforeReading(cancel(1), other(outcome))
            #expect(planned?.effect == effect && planned?.code == code, "\(String(describing: outcome))")
        }
        let unsettled = RowElsewhere(unsettled: UnsettledRow(run: "before", row: 3, isUnconfirmed: true))
        let planned = judge.judge(cancel(1), try intent("requires_capture"), unsettled)
        #expect(planned.effect == .rejected && planned.code == "intent_unsettled_elsewhere")
        let shown = judge.judge(cancel(1), try intent("cancelled"), unsettled)
        #expect(shown.effect == .rejected, "the state may be that row's doing")
    }

    @Test("what an earlier row of the file would do comes first")
    func byEarlierRow() throws {
        for effect in PlannedRow.Effect.allCases {
            var judge = judge
            judge.note(PlannedRow(cancel(1), effect))
            let planned = judge.beforeReading(cancel(2), RowElsewhere())
            switch effect {
            case .alreadyApplied: #expect(planned == nil)
            case .rejected: #expect(planned?.code == "earlier_row_not_applied")
            case .wouldApply, .pending, .afterRow, .notRead, .unreadable:
                #expect(planned?.effect == .afterRow)
            }
            #expect(judge.beforeReading(cancel(2, "pi_2"), RowElsewhere()) == nil)
        }
        var judge = judge
        judge.note(PlannedRow(cancel(1), .alreadyApplied))
        #expect(judge.judge(cancel(2), try intent("cancelled"), RowElsewhere()).code == "duplicate")
    }

    @Test("totals and calls add up by effect, action and currency")
    func tally() throws {
        let euro = try #require(Currency(code: "EUR"))
        var tally = PlanTally(.always)
        for row in 1...3 {
            let amount = Money(minorUnits: Int64(row), currency: euro)
            tally.take(
                PlannedRow(cancel(row), .wouldApply, amount: amount, status: "requires_capture"))
        }
        tally.take(PlannedRow(cancel(4), .rejected, status: "succeeded", code: "x"))
        tally.take(PlannedRow(cancel(5), .alreadyApplied, code: "applied_by_earlier_run"))
        #expect(tally.totals.map(\.rows) == [3, 1, 1])
        #expect(tally.totals.first?.minorUnits == 6 && tally.totals.first?.currency == euro)
        #expect(tally.calls == 3 * 2 + 1 + 0)
        #expect(tally.listed.count == 5)
    }

    @Test("reads could be spared where every row is a whole cancel")
    func sparableReads() {
        var tally = PlanTally(.always)
        for row in 1...2 { tally.take(PlannedRow(cancel(row), .wouldApply)) }
        tally.take(PlannedRow(cancel(3), .rejected, status: "succeeded", code: "x"))
        #expect(tally.calls == 5)
        #expect(tally.sparableReads == 2)
        var spared = PlanTally(.never)
        spared.take(PlannedRow(cancel(1), .wouldApply))
        #expect(spared.sparableReads == 0)
        let capture = Instruction(
            row: 4, line: 5, action: .capture, intentID: "pi_4", requested: .everything(nil))
        tally.take(PlannedRow(capture, .wouldApply))
        #expect(tally.sparableReads == 0)
    }

    @Test("rows that were not read are reckoned as those that were")
    func notRead() {
        var tally = PlanTally(.always)
        for row in 1...90 { tally.take(PlannedRow(cancel(row), .rejected, status: "succeeded", code: "x")) }
        for row in 91...180 { tally.take(PlannedRow(cancel(row), .wouldApply)) }
        for row in 181...680 { tally.take(PlannedRow(cancel(row), .notRead)) }
        for row in 681...1180 { tally.take(PlannedRow(cancel(row), .afterRow)) }
        // Of 190 rows, ten of them presumed, 100 take a change as well.
        #expect(tally.calls == 90 + 2 * 90 + 1000 + 527)
        #expect(tally.sparableReads == 90 + 527)
    }
}

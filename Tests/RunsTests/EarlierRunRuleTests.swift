import Instructions
import Pacing
import Runs
import Testing

/// One row, one row of another run, one verdict: every line of contract section 3, "Against earlier runs".
struct GuardCase: CustomTestStringConvertible, Sendable {
    enum Verdict: Sendable {
        case free, alreadyApplied
        case rejected(String)
    }

    let name: String
    var row = GuardCase.whole
    var isWhole: Bool? = true
    var other = GuardCase.whole
    var otherIsWhole: Bool?
    var isEarlier = true
    let outcome: Outcome?
    let verdict: Verdict

    var testDescription: String { name }

    static let whole = make(.cancel, .everything(nil))
    static let part = make(.capture, .exactly(dollars("10.00")))
    static let otherPart = make(.capture, .exactly(dollars("11.00")))

    static func make(
        _ action: Action, _ requested: RequestedAmount, id: String = "pi_1", reference: String? = nil,
        lines: [LineAmount] = []
    ) -> Instruction {
        var made = Instruction(row: 7, line: 8, action: action, intentID: id, requested: requested)
        made.reference = reference
        made.lineItems = lines
        return made
    }

    static func part(_ reference: String?, id: String = "pi_1", lines: [LineAmount] = []) -> Instruction {
        make(.capture, .exactly(dollars("10.00")), id: id, reference: reference, lines: lines)
    }
}

private let lineA = LineAmount(id: "a", minorUnits: 1000)
private let lineB = LineAmount(id: "b", minorUnits: 1000)

private let guardCases: [GuardCase] = [
    .init(name: "whole, applied there", outcome: .applied, verdict: .alreadyApplied),
    .init(name: "whole, done before there", outcome: .alreadyApplied, verdict: .alreadyApplied),
    .init(
        name: "whole, applied by a later run", isEarlier: false, outcome: .applied, verdict: .alreadyApplied),
    .init(
        name: "whole, unconfirmed there", outcome: .unconfirmed, verdict: .rejected("earlier_run_unsettled")),
    .init(name: "whole, still to run there", outcome: nil, verdict: .rejected("earlier_run_unsettled")),
    .init(name: "whole, still to run in a later run", isEarlier: false, outcome: nil, verdict: .free),
    .init(name: "whole, declined there", outcome: .declined, verdict: .free),
    .init(name: "whole, failed there", outcome: .failed, verdict: .free),
    .init(name: "whole, rejected there", outcome: .rejected, verdict: .free),
    .init(name: "whole, not sent there", outcome: .notSent, verdict: .free),
    .init(
        name: "whole with another reference, applied there",
        row: GuardCase.make(.cancel, .everything(nil), reference: "A"),
        other: GuardCase.make(.cancel, .everything(nil), reference: "B"), outcome: .applied,
        verdict: .alreadyApplied),
    .init(
        name: "another action on the intent", other: GuardCase.make(.capture, .everything(nil)),
        outcome: .applied, verdict: .free),
    .init(
        name: "another intent", other: GuardCase.make(.cancel, .everything(nil), id: "pi_2"),
        outcome: .applied, verdict: .free),
    .init(
        name: "the full amount in figures is the whole", row: GuardCase.part, isWhole: true,
        other: GuardCase.make(.capture, .everything(nil)), otherIsWhole: true, outcome: .applied,
        verdict: .alreadyApplied),
    .init(
        name: "the same figures, not yet known to be the whole as there", row: GuardCase.part("A"),
        isWhole: nil,
        other: GuardCase.part("A"), otherIsWhole: true, outcome: .applied, verdict: .alreadyApplied),
    .init(
        name: "figures that may be the whole that was applied there: judged when the intent was read",
        row: GuardCase.part("A"), isWhole: nil,
        other: GuardCase.make(.capture, .everything(nil), reference: "A"),
        otherIsWhole: true, outcome: .applied, verdict: .free),
    .init(
        name: "a part after the whole", row: GuardCase.part, isWhole: false,
        other: GuardCase.make(.capture, .everything(nil)), otherIsWhole: true, outcome: .applied,
        verdict: .free),
    .init(
        name: "the same part without references, applied there", row: GuardCase.part, isWhole: false,
        other: GuardCase.part, otherIsWhole: false, outcome: .applied,
        verdict: .rejected("part_applied_by_earlier_run")),
    .init(
        name: "the same part, only this one with a reference", row: GuardCase.part("A"), isWhole: false,
        other: GuardCase.part, otherIsWhole: false, outcome: .applied,
        verdict: .rejected("part_applied_by_earlier_run")),
    .init(
        name: "the same part with another reference is another instruction", row: GuardCase.part("A"),
        isWhole: false, other: GuardCase.part("B"), otherIsWhole: false, outcome: .applied, verdict: .free),
    .init(
        name: "the same part and reference, applied there", row: GuardCase.part("A"), isWhole: false,
        other: GuardCase.part("A"), otherIsWhole: false, outcome: .applied, verdict: .alreadyApplied),
    .init(
        name: "the same part and reference, unconfirmed there", row: GuardCase.part("A"), isWhole: false,
        other: GuardCase.part("A"), otherIsWhole: false, outcome: .unconfirmed,
        verdict: .rejected("earlier_run_unsettled")),
    .init(
        name: "the same part, still to run there", row: GuardCase.part, isWhole: false,
        other: GuardCase.part, outcome: nil, verdict: .rejected("earlier_run_unsettled")),
    .init(
        name: "the same part with another reference, still to run there", row: GuardCase.part("A"),
        isWhole: false, other: GuardCase.part("B"), outcome: nil, verdict: .free),
    .init(
        name: "another amount", row: GuardCase.part, isWhole: false, other: GuardCase.otherPart,
        otherIsWhole: false, outcome: .applied, verdict: .free),
    .init(
        name: "the same amount of another line item", row: GuardCase.part(nil, lines: [lineA]),
        isWhole: false,
        other: GuardCase.part(nil, lines: [lineB]), otherIsWhole: false, outcome: .applied, verdict: .free),
    .init(
        name: "the same lines in another order",
        row: GuardCase.make(.capture, .exactly(dollars("20.00")), lines: [lineA, lineB]), isWhole: false,
        other: GuardCase.make(.capture, .exactly(dollars("20.00")), lines: [lineB, lineA]),
        otherIsWhole: false, outcome: .applied, verdict: .rejected("part_applied_by_earlier_run")),
    .init(
        name: "a reference applied there with another amount", row: GuardCase.part("A"), isWhole: false,
        other: GuardCase.make(.capture, .exactly(dollars("11.00")), reference: "A"), otherIsWhole: false,
        outcome: .applied, verdict: .rejected("reference_used")),
    .init(
        name: "a reference unconfirmed there on another intent", row: GuardCase.part("A"), isWhole: false,
        other: GuardCase.part("A", id: "pi_2"), otherIsWhole: false, outcome: .unconfirmed,
        verdict: .rejected("reference_used")),
    .init(
        name: "a reference still to run there with another action",
        row: GuardCase.make(.cancel, .everything(nil), reference: "A"), other: GuardCase.part("A"),
        outcome: nil, verdict: .rejected("reference_used")),
    .init(
        name: "a reference declined there is free again", row: GuardCase.part("A"), isWhole: false,
        other: GuardCase.part("A", id: "pi_2"), otherIsWhole: false, outcome: .declined, verdict: .free),
]

@Suite("The row guard over runs")
struct EarlierRunRuleTests {
    @Test("a row is judged as the contract says", arguments: guardCases)
    func judge(_ testCase: GuardCase) {
        let other = ElsewhereRow(
            run: "earlier", isEarlier: testCase.isEarlier, instruction: testCase.other,
            outcome: testCase.outcome, isWhole: testCase.otherIsWhole)
        let verdict = EarlierRunRule.judge(testCase.row, isWhole: testCase.isWhole, among: [other])
        switch (verdict, testCase.verdict) {
        case (.free, .free):
            break
        case (.alreadyApplied(let by), .alreadyApplied):
            #expect(by == other)
        case (.rejected(let rejection), .rejected(let code)):
            #expect(rejection.code == code)
            #expect(rejection.message.contains("row 7 of run earlier"), "it names run and row")
        default:
            Issue.record("\(verdict)")
        }
    }

    @Test("what is done is told before what is unsettled, whatever the order")
    func doneFirst() {
        let done = ElsewhereRow(
            run: "done", isEarlier: true, instruction: GuardCase.whole, outcome: .applied, isWhole: true)
        let open = ElsewhereRow(
            run: "open", isEarlier: true, instruction: GuardCase.whole, outcome: nil, isWhole: nil)
        for others in [[done, open], [open, done]] {
            #expect(
                EarlierRunRule.judge(GuardCase.whole, isWhole: true, among: others) == .alreadyApplied(done))
        }
    }

    @Test("a row that another run did is settled without any call, one still to run there is rejected")
    func atTheLoad() throws {
        for (outcome, expected) in [(Outcome.applied, Outcome.alreadyApplied), (.unconfirmed, .rejected)] {
            var pending = RunsTests.row()
            pending.elsewhere = [
                ElsewhereRow(
                    run: "earlier", isEarlier: true, instruction: pending.instruction, outcome: outcome,
                    isWhole: true)
            ]
            var walk = Walk([pending])
            walk.start()
            #expect(walk.letters == "")
            #expect(walk.settlements.map(\.outcome) == [expected])
            #expect(walk.settlements.first?.howKnown == (expected == .rejected ? .rule : .earlierRun))
            #expect(walk.ended == .some(nil))
        }
    }

    @Test("a row that another run did between the read and the attempt's transaction is settled by that")
    func atTheOpening() throws {
        let other = ElsewhereRow(
            run: "other", isEarlier: false, instruction: GuardCase.whole, outcome: .applied, isWhole: true)
        var walk = Walk([RunsTests.row()])
        walk.openResults = [.judgedByEarlierRun(.alreadyApplied(other))]
        walk.start()
        walk.answer(shows("requires_capture"))
        #expect(walk.letters == "r")
        #expect(walk.settlements.map(\.outcome) == [.alreadyApplied])
        #expect(walk.settlements.first?.howKnown == .earlierRun)
        #expect(walk.attempts.isEmpty)
        #expect(walk.ended == .some(nil))
    }

    @Test("a row with an ambiguous attempt is never judged by another run's")
    func afterAnAmbiguousAttempt() throws {
        var pending = RunsTests.row(attempts: [attempt(number: 1)])
        pending.elsewhere = [
            ElsewhereRow(
                run: "other", isEarlier: true, instruction: pending.instruction, outcome: .applied,
                isWhole: true)
        ]
        var walk = Walk([], started: [pending])
        walk.start()
        walk.skipToCall()
        #expect(walk.letters == "r" && walk.settlements.isEmpty)
    }

    private func attempt(number: Int) -> Attempt {
        Attempt(
            row: 1, number: number, generation: number, key: "abcdefghijklmnop-1-\(number)", action: .cancel,
            intentID: "pi_1", snapshot: intent("requires_capture"), amount: dollars("100.23"), lines: [],
            body: [], openedAt: WallTime(seconds: 1_799_990_000), timeout: .seconds(30), answer: nil)
    }
}

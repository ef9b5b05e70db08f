import Instructions
import Pacing
import Runs
import Testing

/// One row, one script of answers, one verdict. The script answers each call in turn, whatever it is; `calls` says
/// which calls the machine must have made: `r` a read, `C` a money-changing call.
struct SingleRowCase: CustomTestStringConvertible, Sendable {
    let name: String
    var row: PendingRow = Self.cancel
    var profile = GatewayProfile.walkUseePay
    var rules = RunRules(attempts: 3)
    let answers: [Answer]
    let calls: String
    let outcome: Outcome
    let how: HowKnown
    var code: String?

    var testDescription: String { name }

    static let cancel = RunsTests.row(1, .cancel)
    static let capture = RunsTests.row(1, .capture)

    static func part(_ action: Action, _ amount: String) -> PendingRow {
        RunsTests.row(1, action, .exactly(dollars(amount)))
    }
}

let open = shows("requires_capture")
let gone = shows("canceled")

let answeredCases: [SingleRowCase] = [
    .init(name: "cancel, answered", answers: [open, gone], calls: "rC", outcome: .applied, how: .response),
    .init(
        name: "cancel, answered with two l", answers: [open, shows("cancelled")], calls: "rC",
        outcome: .applied, how: .response),
    .init(
        name: "capture, answered", row: SingleRowCase.capture,
        answers: [open, shows("succeeded", captured: "100.23")], calls: "rC", outcome: .applied,
        how: .response),
    .init(
        name: "capture, answered without captured amount", row: SingleRowCase.capture,
        answers: [open, shows("succeeded")], calls: "rC", outcome: .applied, how: .response),
    .init(
        name: "the full amount is the whole", row: SingleRowCase.part(.capture, "100.23"),
        answers: [open, shows("succeeded", captured: "100.23")], calls: "rC", outcome: .applied,
        how: .response),
    .init(
        name: "final partial capture, answered", row: SingleRowCase.part(.capture, "40.00"),
        profile: .walkUseePayFinal, answers: [open, shows("succeeded", captured: "40.00")], calls: "rC",
        outcome: .applied, how: .response),
    .init(
        name: "refused", answers: [open, refusal], calls: "rC", outcome: .declined, how: .response,
        code: "declined"),
    .init(name: "cancelled before", answers: [gone], calls: "r", outcome: .alreadyApplied, how: .rule),
    .init(
        name: "captured before", row: SingleRowCase.capture,
        answers: [shows("succeeded", captured: "100.23")],
        calls: "r", outcome: .alreadyApplied, how: .rule),
    .init(
        name: "captured in part before", row: SingleRowCase.capture,
        answers: [shows("succeeded", captured: "40.00")], calls: "r", outcome: .rejected, how: .rule,
        code: "state_not_allowed"),
    .init(
        name: "cancel of a captured one", answers: [shows("succeeded")], calls: "r", outcome: .rejected,
        how: .rule, code: "state_not_allowed"),
    .init(
        name: "status nobody knows", answers: [shows("processing")], calls: "r", outcome: .rejected,
        how: .rule,
        code: "state_not_allowed"),
    .init(
        name: "partial cancel", row: SingleRowCase.part(.cancel, "40.00"), answers: [open], calls: "r",
        outcome: .rejected, how: .rule, code: "partial_cancel_unsupported"),
    .init(
        name: "partial capture", row: SingleRowCase.part(.capture, "40.00"), answers: [open], calls: "r",
        outcome: .rejected, how: .rule, code: "partial_capture_unverified"),
    .init(
        name: "more than there is", row: SingleRowCase.part(.capture, "100.24"), answers: [open], calls: "r",
        outcome: .rejected, how: .rule, code: "amount_exceeds_remaining"),
    .init(
        name: "another currency", row: row(1, .capture, .everything(Currency(code: "EUR"))), answers: [open],
        calls: "r", outcome: .rejected, how: .rule, code: "currency_mismatch"),
    .init(
        name: "unknown intent", answers: [Answer(.notFound, httpStatus: 404)], calls: "r", outcome: .rejected,
        how: .rule, code: "intent_not_found"),
    .init(
        name: "read fails for good", answers: [http500, http500, http500], calls: "rrr", outcome: .failed,
        how: .rule, code: "read_failed"),
    .init(
        name: "read fails twice", answers: [http500, lost, open, gone], calls: "rrrC", outcome: .applied,
        how: .response),
    .init(
        name: "pending, then open", answers: [shows("pending"), shows("pending"), open, gone], calls: "rrrC",
        outcome: .applied, how: .response),
    .init(
        name: "never left, then sent", answers: [open, unreachable, gone], calls: "rCC", outcome: .applied,
        how: .response),
    .init(
        name: "throttled, then sent", answers: [open, Answer(.throttled(nil), httpStatus: 429), gone],
        calls: "rCC", outcome: .applied, how: .response),
]

let resolvedCases: [SingleRowCase] = [
    .init(
        name: "walk: lost request", answers: [open, lost, open, gone], calls: "rCrC", outcome: .applied,
        how: .response),
    .init(
        name: "walk: lost answer", answers: [open, lost, gone], calls: "rCr", outcome: .applied,
        how: .readBack),
    .init(
        name: "walk: effect booked, then 500", row: SingleRowCase.capture,
        answers: [open, http500, shows("succeeded", captured: "100.23")], calls: "rCr", outcome: .applied,
        how: .readBack),
    .init(
        name: "walk: refusal of a re-send because the first landed late",
        answers: [open, lost, open, refusal, gone], calls: "rCrCr", outcome: .applied, how: .readBack),
    .init(
        name: "walk: 429 after an ambiguous attempt, then the first lands late",
        answers: [open, lost, open, Answer(.throttled(.after(.seconds(2))), httpStatus: 429), gone],
        calls: "rCrCr", outcome: .applied, how: .readBack),
    .init(
        name: "walk: status pending after the send", answers: [open, lost, shows("pending"), gone],
        calls: "rCrr", outcome: .applied, how: .readBack),
    .init(
        name: "walk: somebody else captures meanwhile",
        answers: [open, lost, shows("succeeded", captured: "100.23")], calls: "rCr", outcome: .declined,
        how: .readBack, code: "excluded_by_state"),
    .init(
        name: "walk: somebody else cancels meanwhile", row: SingleRowCase.capture,
        answers: [open, lost, gone],
        calls: "rCr", outcome: .declined, how: .readBack, code: "excluded_by_state"),
    .init(
        name: "somebody else cancels with another reason", row: row(1, .cancel, reason: "ours"),
        answers: [open, lost, shows("canceled", reason: "theirs")], calls: "rCr", outcome: .declined,
        how: .readBack, code: "excluded_by_state"),
    .init(
        name: "cancelled with our reason", row: row(1, .cancel, reason: "ours"),
        answers: [open, lost, shows("canceled", reason: "ours")], calls: "rCr", outcome: .applied,
        how: .readBack),
    .init(
        name: "cancelled without a reason", row: row(1, .cancel, reason: "ours"),
        answers: [open, lost, gone],
        calls: "rCr", outcome: .applied, how: .readBack),
    .init(
        name: "captured by another amount", row: SingleRowCase.capture,
        answers: [open, lost, shows("succeeded", captured: "40.00")], calls: "rCr", outcome: .declined,
        how: .readBack, code: "excluded_by_state"),
    .init(
        name: "an answer that shows nothing", answers: [open, open, gone], calls: "rCr", outcome: .applied,
        how: .readBack),
    .init(
        name: "refused after an ambiguous one, then unchanged", answers: [open, lost, open, refusal, open],
        calls: "rCrCr", outcome: .unconfirmed, how: .none, code: "refused_then_unchanged"),
    .init(
        name: "attempts spent", answers: [open, lost, open, lost, open, lost, open], calls: "rCrCrCr",
        outcome: .unconfirmed, how: .none, code: "attempts_spent"),
    .init(
        name: "attempts spent, last read shows it", answers: [open, lost, open, lost, open, lost, gone],
        calls: "rCrCrCr", outcome: .applied, how: .readBack),
    .init(
        name: "partial, unchanged: never sent twice", row: SingleRowCase.part(.capture, "40.00"),
        profile: .walkUseePayFinal, answers: [open, lost, open], calls: "rCr", outcome: .unconfirmed,
        how: .none, code: "partial_unchanged"),
    .init(
        name: "partial, captured without an amount", row: SingleRowCase.part(.capture, "40.00"),
        profile: .walkUseePayFinal, answers: [open, lost, shows("succeeded")], calls: "rCr",
        outcome: .unconfirmed, how: .none, code: "unclear_after_read"),
    .init(
        name: "a status nobody knows after the send", answers: [open, lost, shows("processing")],
        calls: "rCr", outcome: .unconfirmed, how: .none, code: "unclear_after_read"),
    .init(
        name: "gone after the send", answers: [open, lost, Answer(.notFound, httpStatus: 404)], calls: "rCr",
        outcome: .unconfirmed, how: .none, code: "intent_not_readable"),
    .init(
        name: "not readable after the send", answers: [open, lost, http500, http500, http500], calls: "rCrrr",
        outcome: .unconfirmed, how: .none, code: "intent_not_readable"),
    .init(
        name: "failed after the send", answers: [open, lost, shows("failed")], calls: "rCr",
        outcome: .declined, how: .readBack, code: "excluded_by_state"),
    .init(
        name: "moved to another state that allows the cancel",
        answers: [shows("requires_payment_method"), lost, open, gone], calls: "rCrC", outcome: .applied,
        how: .response),
]

@Suite("One row")
struct SingleRowWalkTests {
    @Test("a row ends as resolving.md says", arguments: answeredCases + resolvedCases)
    func row(_ testCase: SingleRowCase) throws {
        var walk = Walk([testCase.row], rules: testCase.rules, profile: testCase.profile)
        walk.start()
        for answer in testCase.answers {
            walk.skipToCall()
            guard !walk.openCalls.isEmpty else { break }
            walk.answer(answer)
        }
        #expect(walk.letters == testCase.calls)
        let settlement = try #require(walk.settlements.first)
        #expect(walk.settlements.count == 1)
        #expect(settlement.outcome == testCase.outcome)
        #expect(settlement.howKnown == testCase.how)
        #expect(settlement.code == testCase.code)
        #expect(walk.ended == .some(nil))
        #expect(walk.attempts.count == walk.changes.count)
        checkEveryAttemptIsClosed(walk)
        if settlement.outcome == .applied { #expect(settlement.applied == settlement.asked) }
    }

    private func checkEveryAttemptIsClosed(_ walk: Walk) {
        #expect(Set(walk.attempts.map(\.number)) == Set(walk.closings.map(\.number)))
        #expect(walk.closings.count == walk.attempts.count)
    }

    @Test("an attempt is committed before its request leaves, with the exact body")
    func attemptBeforeSend() throws {
        var walk = Walk([RunsTests.row()])
        walk.holdsCommits = true
        walk.start()
        walk.answer(open)
        #expect(walk.changes.isEmpty)
        #expect(walk.heldUnits.count == 1)
        walk.commitHeld()
        let attempt = try #require(walk.attempts.first)
        #expect(walk.changes.count == 1)
        #expect(walk.sent.last?.body == attempt.body)
        #expect(attempt.snapshot == intent("requires_capture"))
    }

    @Test("a key rises a generation only for a send after a read that shows nothing moved")
    func generations() {
        var walk = Walk([RunsTests.row()])
        walk.start()
        for answer in [open, unreachable, lost, open, unreachable, open, gone] {
            walk.skipToCall()
            walk.answer(answer)
        }
        #expect(walk.changes.map(\.key).map { $0.suffix(4) } == ["-1-1", "-1-1", "-1-2", "-1-2"])
        #expect(walk.settlements.map(\.outcome) == [.applied])
    }

    @Test("an ambiguous attempt is resolved only when its own deadline and 5 s more have passed")
    func resolveWaits() throws {
        var walk = Walk([RunsTests.row()])
        walk.start()
        walk.answer(open)
        let sentAt = walk.monotonic
        walk.advance(by: .seconds(2))
        walk.answer(http500)
        walk.skipToCall()
        #expect(walk.monotonic == sentAt + .seconds(35))
        #expect(walk.openCalls.first?.request.method == "GET")
    }

    @Test("without preflight a whole cancel is sent unseen, and resolved by reading")
    func noPreflight() {
        var rules = RunRules()
        rules.preflight = .never
        var walk = Walk([RunsTests.row()], rules: rules)
        walk.start()
        #expect(walk.changes.count == 1)
        walk.answer(lost)
        walk.skipToCall()
        walk.answer(shows("requires_capture"))
        walk.skipToCall()
        #expect(walk.changes.count == 2)
        walk.answer(gone)
        #expect(walk.settlements.map(\.outcome) == [.applied])
    }

    @Test("without preflight, a second cancel in the file whose answer is lost was the first one's effect")
    func noPreflightAfterAnEarlierRow() {
        var rules = RunRules()
        rules.preflight = .never
        let earlier = PendingRow.Earlier(row: 1, outcome: .applied, sameActionInFile: true)
        var walk = Walk([RunsTests.row(2, earlier: earlier)], rules: rules)
        walk.start()
        walk.answer(lost)
        walk.skipToCall()
        walk.answer(gone)
        #expect(walk.settlements.map(\.outcome) == [.declined])
        #expect(walk.settlements.first?.code == "excluded_by_state")
    }

    @Test("without preflight, an attempt whose slot was missed for long is opened anew before it is sent")
    func noPreflightAndNoSlot() {
        var rules = RunRules()
        rules.preflight = .never
        var walk = Walk([RunsTests.row()], rules: rules)
        walk.holdsCommits = true
        walk.start()
        walk.grantsLeases = false
        walk.advance(by: .seconds(1))
        walk.holdsCommits = false
        walk.commitHeld()
        walk.advance(by: .seconds(7200))
        walk.grant(1)
        #expect(walk.changes.count == 1)
        #expect(walk.closings.map(\.answer) == [.notSent])
        #expect(walk.attempts.last?.openedAt == walk.now.wall)
    }
}

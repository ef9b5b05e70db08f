import Instructions
import Pacing
import Runs
import Testing

/// One unconfirmed row, read again by `resolve`: the reads in turn, and what becomes of the row.
struct ResolvingCase: CustomTestStringConvertible, Sendable {
    let name: String
    var row = RunsTests.row()
    var profile = GatewayProfile.walkUseePay
    /// How long ago it was sent.
    var age: Duration = .seconds(7200)
    let answers: [Answer]
    let calls: String
    /// nil when it stays unconfirmed.
    let outcome: Outcome?
    let code: String?

    var testDescription: String { name }
}

private let still = shows("requires_capture")
private let part = RunsTests.row(1, .capture, .exactly(dollars("40.00")))

private let resolvingCases: [ResolvingCase] = [
    .init(name: "our effect", answers: [shows("canceled")], calls: "r", outcome: .applied, code: nil),
    .init(
        name: "excluded for good", answers: [shows("succeeded", captured: "100.23")], calls: "r",
        outcome: .declined, code: "excluded_by_state"),
    .init(
        name: "unchanged twice, late", answers: [still, still], calls: "rr", outcome: .failed,
        code: "unchanged_for_good"),
    .init(
        name: "unchanged, then ours after all", answers: [still, shows("canceled")], calls: "rr",
        outcome: .applied, code: nil),
    .init(
        name: "unchanged, but too early to say", age: .seconds(3000), answers: [still], calls: "r",
        outcome: nil, code: "resolvable_later"),
    .init(
        name: "a part, unchanged twice, late", row: part, profile: .walkUseePayFinal,
        answers: [still, still],
        calls: "rr", outcome: .failed, code: "unchanged_for_good"),
    .init(
        name: "pending", answers: [shows("pending")], calls: "r", outcome: nil, code: "gateway_pending"),
    .init(
        name: "a state that says nothing", answers: [shows("refunded")], calls: "r", outcome: nil,
        code: "unclear_after_read"),
    .init(
        name: "not found", answers: [Answer(.notFound, httpStatus: 404)], calls: "r", outcome: nil,
        code: "intent_not_readable"),
    .init(
        name: "unreadable, again and again", answers: [http500, http500, http500], calls: "rrr", outcome: nil,
        code: "intent_not_readable"),
    .init(
        name: "unreadable once", answers: [http500, shows("canceled")], calls: "rr", outcome: .applied,
        code: nil),
]

@Suite("Unconfirmed rows, resolved")
struct ResolvingWalkTests {
    @Test("a row ends as resolving.md section 4 says, and nothing is sent", arguments: resolvingCases)
    func resolve(_ testCase: ResolvingCase) throws {
        var walk = walk(testCase)
        walk.start()
        for answer in testCase.answers {
            walk.skipToCall()
            walk.answer(answer)
        }
        walk.skipToCall()
        #expect(walk.letters == testCase.calls)
        #expect(walk.ended == .some(nil))
        #expect(walk.changes.isEmpty && walk.attempts.isEmpty)
        let left = walk.events.compactMap { event -> String? in
            if case .staysUnconfirmed(_, let reason) = event { reason.code } else { nil }
        }
        #expect(walk.settlements.map(\.outcome) == [testCase.outcome].compactMap { $0 })
        #expect((walk.settlements.first?.code ?? left.first) == testCase.code)
        #expect(walk.settlements.allSatisfy { $0.howKnown == .readBack })
    }

    @Test("two unchanged reads are 60 s apart")
    func span() throws {
        var walk = walk(.init(name: "", answers: [], calls: "", outcome: nil, code: nil))
        walk.start()
        walk.skipToCall()
        let first = walk.monotonic
        walk.answer(still)
        walk.skipToCall()
        #expect(walk.letters == "rr")
        #expect(walk.monotonic - first >= .seconds(60))
    }

    @Test("a wall clock behind the store's newest time proves nothing late")
    func clockSetBack() {
        let newest = WallTime(seconds: 1_900_000_000)
        var walk = walk(
            .init(name: "", answers: [], calls: "", outcome: nil, code: nil),
            past: RunPast(newestWall: newest))
        walk.start()
        walk.skipToCall()
        walk.answer(still)
        #expect(walk.settlements.isEmpty && walk.ended == .some(nil))
    }

    @Test("a signal ends it: the rows stay unconfirmed")
    func stopped() {
        var walk = walk(.init(name: "", answers: [], calls: "", outcome: nil, code: nil))
        walk.start()
        walk.tell(.stop(Stop(.signal)))
        #expect(walk.stopReason == .signal && walk.settlements.isEmpty)
    }

    private func walk(_ testCase: ResolvingCase, past: RunPast = RunPast()) -> Walk {
        var row = testCase.row
        let isWhole = row.instruction.requested.isEverything
        row.attempts = [
            Attempt(
                row: 1, number: 1, generation: 1, key: "abcdefghijklmnop-1-1",
                action: row.instruction.action, intentID: "pi_1", snapshot: intent("requires_capture"),
                amount: dollars(isWhole ? "100.23" : "40.00"), lines: [], body: [],
                openedAt: WallTime(seconds: 1_800_001_000).advanced(by: .zero - testCase.age),
                timeout: .seconds(30), answer: .ambiguous)
        ]
        return Walk(
            [row], rules: RunRules(attempts: 3), profile: testCase.profile,
            purpose: .resolve(lateBound: .seconds(3600)), past: past)
    }
}

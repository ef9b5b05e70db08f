import Instructions
import Pacing
import Runs
import Testing

extension GatewayProfile {
    static let walkMangopay = GatewayProfile(
        gateway: "mangopay",
        states: [
            "AUTHORIZED": .authorized, "PARTIALLY_CAPTURED": .partiallyCaptured, "CAPTURED": .captured,
            "CANCELED": .cancelled, "CANCELLED": .cancelled, "REFUNDED": .other,
        ],
        cancelAllowedFrom: [.authorized], captureAllowedFrom: [.authorized, .partiallyCaptured],
        partialCancel: .byLineItems, partialCapture: .byLineItems, missingCapturedAmountMeansWhole: false,
        sendsCancellationReason: false, keyLifetime: .seconds(86_400), usesTokens: true, defaultLimits: [],
        assumptions: [])
}

/// An intent of 100.00 USD in two lines of 60 and 40: captured and cancelled minor units of each, and captures as
/// (id, amounts of the two lines).
private func lines(
    _ status: String, captured: (Int64, Int64) = (0, 0), cancelled: (Int64, Int64) = (0, 0),
    captures: [(String, Int64, Int64)] = []
) -> PaymentIntent {
    var intent = PaymentIntent(id: "pi_1", status: status, amount: dollars("100.00"))
    intent.lines = [
        .init(id: "a", total: 6000, captured: captured.0, cancelled: cancelled.0),
        .init(id: "b", total: 4000, captured: captured.1, cancelled: cancelled.1),
    ]
    intent.captured = captured.0 + captured.1
    intent.cancelled = cancelled.0 + cancelled.1
    intent.captures = captures.map { id, a, b in
        .init(
            id: id, minorUnits: a + b,
            lines: [LineAmount(id: "a", minorUnits: a), LineAmount(id: "b", minorUnits: b)])
    }
    return intent
}

private func says(_ intent: PaymentIntent) -> Answer { Answer(.intent(intent), httpStatus: 200) }

private let untouched = says(lines("AUTHORIZED"))
private let cancelledAll = says(lines("CANCELLED", cancelled: (6000, 4000)))
private let capturedAll = says(lines("CAPTURED", captured: (6000, 4000), captures: [("c1", 6000, 4000)]))
private let capturedPart = says(
    lines("PARTIALLY_CAPTURED", captured: (1000, 0), captures: [("c1", 1000, 0)]))
private let token = Answer(.token(lifetime: .seconds(3600)), httpStatus: 200)
private let nothing = Answer(.nothingStored, httpStatus: 404)
private let keyUsed = Answer(.keyUsed, httpStatus: 409)
private let unauthorized = Answer(.unauthorized, httpStatus: 401, message: "expired")
private let throttled = Answer(.throttled(.after(.seconds(1))), httpStatus: 429)

private func stored(_ answer: Answer, ageSeconds: Int64 = 0, isOurs: Bool = true) -> Answer {
    // The walk's wall clock begins here.
    let date = WallTime(seconds: 1_800_001_000 - ageSeconds)
    return Answer(
        .stored(StoredResponse(answer: answer, date: date, isToOurRequest: isOurs)), httpStatus: 200)
}

struct KeyCase: CustomTestStringConvertible, Sendable {
    let name: String
    var row: PendingRow = RunsTests.row()
    let answers: [Answer]
    /// `T` a token, `r` a read, `S` a stored response, `C` a money-changing call.
    let calls: String
    var keys: [String] = ["1"]
    let outcome: Outcome
    let how: HowKnown
    var code: String?
    var testDescription: String { name }
}

private let capture = row(1, .capture)

private func part(_ action: Action) -> PendingRow {
    var pending = RunsTests.row(1, action, .exactly(dollars("10.00")))
    var instruction = pending.instruction
    instruction.lineItems = [LineAmount(id: "a", minorUnits: 1000)]
    pending = PendingRow(instruction: instruction, priority: .max, earlier: nil, attempts: [])
    return pending
}

private let keyCases: [KeyCase] = [
    .init(
        name: "cancel, answered", answers: [token, untouched, cancelledAll], calls: "TrC", outcome: .applied,
        how: .response),
    .init(
        name: "capture, answered", row: capture, answers: [token, untouched, capturedAll], calls: "TrC",
        outcome: .applied, how: .response),
    .init(
        name: "partial capture, answered", row: part(.capture), answers: [token, untouched, capturedPart],
        calls: "TrC", outcome: .applied, how: .response),
    .init(
        name: "partial cancel, answered", row: part(.cancel),
        answers: [token, untouched, says(lines("AUTHORIZED", cancelled: (1000, 0)))], calls: "TrC",
        outcome: .applied, how: .response),
    .init(
        name: "all that remains of a part goes by lines", row: capture,
        answers: [
            token, capturedPart,
            says(lines("CAPTURED", captured: (6000, 4000), captures: [("c1", 1000, 0), ("c2", 5000, 4000)])),
        ], calls: "TrC", outcome: .applied, how: .response),
    .init(
        name: "walk: lost request", answers: [token, untouched, lost, nothing, cancelledAll], calls: "TrCSC",
        keys: ["1", "1"], outcome: .applied, how: .response),
    .init(
        name: "walk: lost answer", answers: [token, untouched, lost, stored(cancelledAll)], calls: "TrCS",
        outcome: .applied, how: .storedResponse),
    .init(
        name: "walk: effect booked, then 500, and the 500 stored", row: capture,
        answers: [token, untouched, http500, stored(http500), capturedAll], calls: "TrCSr", outcome: .applied,
        how: .readBack),
    .init(
        name: "walk: first send answered 409, another host ran the input",
        answers: [token, untouched, keyUsed, stored(cancelledAll, ageSeconds: 3000)], calls: "TrCS",
        outcome: .alreadyApplied, how: .storedResponse),
    .init(
        name: "first send answered 409, dated now",
        answers: [token, untouched, keyUsed, stored(cancelledAll)],
        calls: "TrCS", outcome: .applied, how: .storedResponse),
    .init(
        name: "walk: another host made the same part before: its stored answer holds ours",
        row: part(.capture),
        answers: [
            token, capturedPart, keyUsed, stored(capturedPart, ageSeconds: 3000),
        ], calls: "TrCS", outcome: .alreadyApplied, how: .storedResponse),
    .init(
        name: "the full amount of what is captured", row: row(1, .capture, .exactly(dollars("100.00"))),
        answers: [token, capturedAll], calls: "Tr", keys: [], outcome: .alreadyApplied, how: .rule),
    .init(
        name: "the full amount of what is captured in part",
        row: row(1, .capture, .exactly(dollars("100.00"))),
        answers: [token, capturedPart], calls: "Tr", keys: [], outcome: .rejected, how: .rule,
        code: "amount_exceeds_remaining"),
    .init(
        name: "409 while nothing is stored is in progress",
        answers: [token, untouched, lost, nothing, keyUsed, nothing, nothing, stored(cancelledAll)],
        calls: "TrCSCSSS", keys: ["1", "1"], outcome: .applied, how: .storedResponse),
    .init(
        name: "walk: key burnt by a 429",
        answers: [token, untouched, throttled, keyUsed, stored(throttled), cancelledAll], calls: "TrCCSC",
        keys: ["1", "1", "2"], outcome: .applied, how: .response),
    .init(
        name: "walk: 401 after an ambiguous attempt, then the first lands late",
        answers: [token, untouched, lost, nothing, unauthorized, token, keyUsed, stored(cancelledAll)],
        calls: "TrCSCTCS", keys: ["1", "1", "1"], outcome: .applied, how: .storedResponse),
    .init(
        name: "a repetition that is refused is resolved by what is stored",
        answers: [token, untouched, lost, nothing, refusal, stored(refusal)], calls: "TrCSCS",
        keys: ["1", "1"], outcome: .declined, how: .storedResponse, code: "declined"),
    .init(
        name: "a stored answer to somebody else's request",
        answers: [token, untouched, lost, stored(cancelledAll, isOurs: false)], calls: "TrCS",
        outcome: .unconfirmed, how: .none, code: "key_foreign"),
    .init(
        name: "a stored 500 and nothing moved: a whole action gets the next key",
        answers: [token, untouched, lost, stored(http500), untouched, cancelledAll], calls: "TrCSrC",
        keys: ["1", "2"], outcome: .applied, how: .response),
    .init(
        name: "a stored 500 and nothing moved: a part is not sent twice", row: part(.capture),
        answers: [token, untouched, lost, stored(http500), untouched], calls: "TrCSr", outcome: .unconfirmed,
        how: .none, code: "partial_unchanged"),
    .init(
        name: "a part is repeated under its key while nothing is stored", row: part(.capture),
        answers: [token, untouched, lost, nothing, capturedPart], calls: "TrCSC", keys: ["1", "1"],
        outcome: .applied, how: .response),
    .init(
        name: "a failing fetch is never taken for nothing; the last read settles it",
        answers: [token, untouched, lost, http500, lost, http500, cancelledAll], calls: "TrCSSSr",
        outcome: .applied, how: .readBack),
    .init(
        name: "a failing fetch and a last read that shows nothing",
        answers: [token, untouched, lost, http500, lost, http500, untouched], calls: "TrCSSSr",
        outcome: .unconfirmed, how: .none, code: "attempts_spent"),
    .init(
        name: "read back: one new capture of ours", row: part(.capture),
        answers: [token, untouched, lost, stored(http500), capturedPart], calls: "TrCSr", outcome: .applied,
        how: .readBack),
    .init(
        name: "walk: equal partial amounts: two new captures prove nothing", row: part(.capture),
        answers: [
            token, untouched, lost, stored(http500),
            says(
                lines(
                    "PARTIALLY_CAPTURED", captured: (2000, 0), captures: [("c1", 1000, 0), ("c2", 1000, 0)])),
        ], calls: "TrCSr", outcome: .unconfirmed, how: .none, code: "unclear_after_read"),
    .init(
        name: "walk: somebody else captures all meanwhile", row: part(.capture),
        answers: [token, untouched, lost, stored(http500), capturedAll], calls: "TrCSr", outcome: .declined,
        how: .readBack, code: "excluded_by_state"),
    .init(
        name: "walk: somebody else captures a part of what was to be cancelled",
        answers: [token, untouched, lost, stored(http500), capturedPart], calls: "TrCSr", outcome: .declined,
        how: .readBack, code: "excluded_by_state"),
    .init(
        name: "a stored refusal of the next key: the request under the first one landed late",
        answers: [
            token, untouched, lost, stored(http500), untouched, lost, stored(refusal), cancelledAll,
        ], calls: "TrCSrCSr", keys: ["1", "2"], outcome: .applied, how: .readBack),
    .init(
        name: "somebody cancels a part just before the whole is captured: ours took what was left",
        row: capture,
        answers: [
            token, untouched, lost, stored(http500),
            says(
                lines(
                    "CAPTURED", captured: (5000, 4000), cancelled: (1000, 0), captures: [("c1", 5000, 4000)])),
        ], calls: "TrCSr", outcome: .unconfirmed, how: .none, code: "unclear_after_read"),
    .init(
        name: "a copy of a throttled request landed before the next read: its stored answer is our effect",
        row: part(.capture),
        answers: [
            token, untouched, Answer(.throttled(.after(.seconds(120))), httpStatus: 429), capturedPart,
            keyUsed,
            stored(capturedPart, ageSeconds: -60),
        ], calls: "TrCrCS", keys: ["1", "1"], outcome: .applied, how: .storedResponse),
    .init(
        name: "cancelled before", answers: [token, cancelledAll], calls: "Tr", keys: [],
        outcome: .alreadyApplied, how: .rule),
    .init(
        name: "captured before, less what was cancelled", row: capture,
        answers: [
            token,
            says(
                lines(
                    "CAPTURED", captured: (5000, 4000), cancelled: (1000, 0), captures: [("c1", 5000, 4000)])),
        ], calls: "Tr", keys: [], outcome: .alreadyApplied, how: .rule),
    .init(
        name: "a part without line items", row: row(1, .capture, .exactly(dollars("10.00"))),
        answers: [token, untouched], calls: "Tr", keys: [], outcome: .rejected, how: .rule,
        code: "line_items_needed"),
    .init(
        name: "a cancel of what is captured in part", answers: [token, capturedPart], calls: "Tr", keys: [],
        outcome: .rejected, how: .rule, code: "state_not_allowed"),
    .init(
        name: "a part of what is gone", row: part(.cancel), answers: [token, cancelledAll], calls: "Tr",
        keys: [], outcome: .rejected, how: .rule, code: "nothing_remains"),
]

@Suite("One row at a gateway with keys and tokens")
struct KeyWalkTests {
    @Test("a row ends as resolving.md says", arguments: keyCases)
    func row(_ testCase: KeyCase) throws {
        var walk = Walk([testCase.row], rules: RunRules(attempts: 3), profile: .walkMangopay)
        walk.start()
        for answer in testCase.answers {
            walk.skipToCall()
            guard !walk.openCalls.isEmpty else { break }
            walk.answer(answer)
        }
        #expect(walk.letters == testCase.calls)
        let settlement = try #require(walk.settlements.first)
        #expect(settlement.outcome == testCase.outcome)
        #expect(settlement.howKnown == testCase.how)
        #expect(settlement.code == testCase.code)
        if settlement.outcome == .alreadyApplied, settlement.howKnown == .rule {
            #expect(settlement.asked == dollars("100.00"), "what was done before is not zero")
        }
        #expect(walk.changes.map { String($0.key.last ?? "?") } == testCase.keys)
        #expect(walk.ended == .some(nil))
        #expect(Set(walk.attempts.map(\.number)) == Set(walk.closings.map(\.number)))
        // The same key means the same bytes.
        let bodies = walk.sent.filter { if case .change = $0.call { true } else { false } }.map(\.body)
        #expect(Set(bodies).count == Set(walk.changes.map(\.key)).count)
    }

    private func opened(_ walk: Walk, secondsAgo: Int64, row: Int = 1) -> Attempt {
        Attempt(
            row: row, number: 1, generation: 1, key: "abcdefghijklmnop-\(row)-1", action: .cancel,
            intentID: "pi_1", snapshot: lines("AUTHORIZED"), amount: dollars("100.00"),
            lines: [LineAmount(id: "a", minorUnits: 6000), LineAmount(id: "b", minorUnits: 4000)], body: [],
            openedAt: walk.now.wall.advanced(by: .seconds(-secondsAgo)), timeout: .seconds(30), answer: nil)
    }

    @Test("walk: key old before resume, and wall clock set back: the intent is read, the key not asked")
    func oldKeys() {
        for (secondsAgo, calls) in [(Int64(3600), "TS"), (Int64(23 * 3600), "Tr"), (Int64(-60), "Tr")] {
            var walk = Walk([], profile: .walkMangopay)
            walk.started = [RunsTests.row(attempts: [opened(walk, secondsAgo: secondsAgo)])]
            walk.start()
            walk.skipToCall()
            walk.answer(token)
            walk.skipToCall()
            #expect(walk.letters == calls, "\(secondsAgo)")
        }
    }

    @Test("a key that grows old while its repetition waits for leave to call: the intent is read instead")
    func keyGrowsOldInTheQueue() {
        for (hours, calls) in [(Int64(1), "TrCSC"), (Int64(23), "TrCSr")] {
            var walk = Walk([part(.capture)], profile: .walkMangopay)
            walk.start()
            for answer in [Answer(.token(lifetime: .seconds(1_000_000))), untouched, lost] {
                walk.skipToCall()
                walk.answer(answer)
            }
            walk.skipToCall()
            walk.grantsLeases = false
            walk.answer(nothing)
            walk.advance(by: .seconds(hours * 3600))
            walk.grant(1)
            #expect(walk.letters == calls, "\(hours) h")
        }
    }

    @Test(
        "a repetition whose slot was missed is not sent long after it was opened: the stored answer is asked anew"
    )
    func repetitionWaitsLong() {
        for (seconds, calls) in [(Int64(30), "TrCSC"), (Int64(7200), "TrCSS")] {
            var walk = Walk([part(.capture)], profile: .walkMangopay)
            walk.start()
            for answer in [Answer(.token(lifetime: .seconds(1_000_000))), untouched, lost] {
                walk.skipToCall()
                walk.answer(answer)
            }
            walk.skipToCall()
            walk.holdsCommits = true
            walk.answer(nothing)
            walk.grantsLeases = false
            walk.advance(by: .seconds(1))
            walk.holdsCommits = false
            walk.commitHeld()
            walk.advance(by: .seconds(seconds))
            walk.grant(1)
            #expect(walk.letters == calls, "\(seconds) s")
        }
    }

    @Test(
        "a call that was not started before its lease closed is made under the next one, by the same attempt",
        arguments: ["T", "r", "C", "S"])
    func missedLease(_ missed: String) {
        var walk = Walk([RunsTests.row(1, .capture)], profile: .walkMangopay)
        walk.start()
        for (letter, answer) in [("T", token), ("r", untouched), ("C", lost), ("S", stored(capturedAll))] {
            walk.skipToCall()
            if letter == missed {
                walk.miss()
                #expect(walk.givenBack == 1)
                walk.skipToCall()
            }
            walk.answer(answer)
        }
        #expect(walk.letters == "TrCS")
        #expect(walk.attempts.count == 1)
        #expect(walk.settlements.map(\.outcome) == [.applied])
    }

    @Test("walk: 64 in flight when the token expires: one new token, every row sent again")
    func tokenExpires() {
        var walk = Walk(
            (1...64).map { RunsTests.row($0, id: "pi_\($0)") }, profile: .walkMangopay, concurrency: 64)
        walk.start()
        walk.answer(token)
        #expect(walk.openCalls.count == 64)
        for _ in 1...64 { walk.answer(unauthorized) }
        walk.skipToCall()
        #expect(walk.ended == nil)
        #expect(walk.openCalls.count == 1)
        walk.answer(token)
        walk.skipToCall()
        #expect(walk.openCalls.count == 64)
        #expect(walk.letters.filter { $0 == "T" }.count == 2)
    }

    @Test("a 401 to a token that was fetched after a 401 stops the run; so does invalid_client")
    func refusedCredentials() {
        var walk = Walk([RunsTests.row()], profile: .walkMangopay)
        walk.start()
        for answer in [token, unauthorized, token, unauthorized] {
            walk.skipToCall()
            walk.answer(answer)
        }
        #expect(walk.stopReason == .credentials)
        #expect(walk.settlements.isEmpty)

        var other = Walk([RunsTests.row()], profile: .walkMangopay)
        other.start()
        other.answer(Answer(.credentialsRefused, httpStatus: 401, message: "invalid_client"))
        #expect(other.stopReason == .credentials)
    }

    @Test("a token is renewed 30 s before it lapses")
    func renewal() {
        var walk = Walk(
            [RunsTests.row(1, id: "pi_1"), RunsTests.row(2, id: "pi_2")], profile: .walkMangopay,
            concurrency: 1)
        walk.start()
        walk.answer(Answer(.token(lifetime: .seconds(100))))
        #expect(walk.letters == "Tr")
        walk.advance(by: .seconds(69))
        walk.answer(Answer(.notFound, httpStatus: 404))
        #expect(walk.letters == "Trr")
        walk.advance(by: .seconds(2))
        walk.answer(Answer(.notFound, httpStatus: 404))
        #expect(walk.ended == .some(nil))

        var late = Walk(
            [RunsTests.row(1, id: "pi_1"), RunsTests.row(2, id: "pi_2")], profile: .walkMangopay,
            concurrency: 1)
        late.start()
        late.answer(Answer(.token(lifetime: .seconds(100))))
        late.advance(by: .seconds(70))
        late.answer(Answer(.notFound, httpStatus: 404))
        #expect(late.letters == "TrT")
    }

    @Test("a locked token endpoint is an outage: no row is failed, the run stops and can be resumed")
    func lockedTokenEndpoint() throws {
        var walk = Walk([RunsTests.row()], profile: .walkMangopay)
        walk.start()
        while walk.ended == nil {
            if walk.openCalls.isEmpty {
                try walk.mustSkip()
            } else {
                walk.answer(Answer(.ambiguous, httpStatus: 400, message: "temporarily locked"))
            }
        }
        #expect(walk.stopReason == .outage)
        #expect(walk.settlements.isEmpty)
        #expect(walk.sent.count < 12)
    }
}

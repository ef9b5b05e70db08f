import Instructions
import Pacing
import Runs
import Testing

@testable import Simulation

/// The simulation judges by this gateway's ledger: where it were wrong, every verdict would be.
@Suite("The simulated gateways")
struct SimulatedGatewayTests {
    private let euro = Currency(code: "EUR")!
    private let cause = Cause(run: 0, row: 1, attempt: 1, key: "key1-1-1")

    private func keyless(_ phase: SimulatedIntent.Phase = .open) -> SimulatedGateway {
        SimulatedGateway(
            kind: .keyless,
            intents: [
                SimulatedIntent(id: "pi1", kind: .keyless, currency: euro, amount: 3000, phase: phase)
            ])
    }

    private func keyed() -> SimulatedGateway {
        let lines = [SimulatedIntent.Line(id: "li1", total: 2000), .init(id: "li2", total: 1000)]
        return SimulatedGateway(
            kind: .keyed,
            intents: [
                SimulatedIntent(
                    id: "pi1", kind: .keyed, currency: euro, amount: 3000, phase: .open, lines: lines)
            ])
    }

    /// Whether the gateway did it.
    private func does(
        _ gateway: inout SimulatedGateway, _ wish: Wish, for cause: Cause? = nil
    ) -> Bool {
        gateway.apply(wish, to: "pi1", cause: cause, now: .zero) != nil
    }

    private func wish(_ action: Action, _ lines: [LineAmount] = [], amount: Int64? = nil) -> Wish {
        Wish(action: action, amount: amount ?? (lines.isEmpty ? nil : sum(lines)), lines: lines, reason: nil)
    }

    private func sum(_ lines: [LineAmount]) -> Int64 { lines.reduce(0) { $0 + $1.minorUnits } }

    private let part = [LineAmount(id: "li1", minorUnits: 1000)]

    @Test("a keyless gateway does a whole action once, from the phases that allow it")
    func keylessWhole() {
        let cases: [(SimulatedIntent.Phase, Action, Bool)] = [
            (.new, .cancel, true), (.open, .cancel, true), (.done, .cancel, false), (.void, .cancel, false),
            (.pending, .cancel, false), (.failed, .cancel, false),
            (.new, .capture, false), (.open, .capture, true), (.done, .capture, false),
            (.void, .capture, false),
        ]
        for (phase, action, isAllowed) in cases {
            var gateway = keyless(phase)
            let isDone = does(&gateway, wish(action))
            let isDoneAgain = does(&gateway, wish(action))
            #expect(isDone == isAllowed, "\(action) from \(phase)")
            #expect(!isDoneAgain)
            #expect(gateway.ledger.count == (isAllowed ? 1 : 0))
        }
    }

    @Test("at a keyless gateway a partial capture is final")
    func keylessPart() {
        var gateway = keyless()
        let results = (1...2).map { _ in does(&gateway, wish(.capture, amount: 1000)) }
        #expect(results == [true, false])
        #expect(gateway.shown("pi1")?.status == "done")
        #expect(gateway.shown("pi1")?.captured == 1000)
        #expect(gateway.ledger.map(\.amount) == [1000])
    }

    @Test("a keyed gateway would take the same part as often as it fits: only keys keep it from that")
    func keyedParts() {
        var gateway = keyed()
        let results = (1...3).map { _ in does(&gateway, wish(.capture, part)) }
        #expect(results == [true, true, false])
        #expect(gateway.ledger.count == 2)
        #expect(gateway.shown("pi1")?.status == "part")
        #expect(gateway.shown("pi1")?.captures.map(\.minorUnits) == [1000, 1000])
        #expect(Set(gateway.shown("pi1")?.captures.map(\.id) ?? []).count == 2)
    }

    @Test("cancelling in part leaves the rest open; the whole takes what is left")
    func keyedCancels() {
        var gateway = keyed()
        let results = [does(&gateway, wish(.cancel, part)), does(&gateway, wish(.cancel))]
        #expect(results == [true, true])
        #expect(gateway.ledger.map(\.amount) == [1000, 2000])
        #expect(gateway.shown("pi1")?.status == "void")
        #expect(gateway.shown("pi1")?.lines.allSatisfy { $0.cancelled == $0.total } == true)
    }

    @Test("a whole capture is refused once a part is captured, and more than is left always")
    func keyedRefusals() {
        var gateway = keyed()
        let first = does(&gateway, wish(.capture, part))
        #expect(first)
        let tooMuch = [LineAmount(id: "li1", minorUnits: 1001)]
        let unknown = [LineAmount(id: "li9", minorUnits: 1)]
        for refused in [wish(.capture), wish(.cancel), wish(.capture, tooMuch), wish(.capture, unknown)] {
            let isDone = does(&gateway, refused)
            #expect(!isDone)
        }
        #expect(gateway.ledger.count == 1)
    }

    @Test("the ledger says whose request made each effect; another actor's has no cause")
    func causes() {
        var gateway = keyed()
        _ = does(&gateway, wish(.cancel, part), for: cause)
        _ = does(&gateway, wish(.cancel, part))
        #expect(gateway.ledger.map(\.cause) == [cause, nil])
    }

    @Test("the answer to a capture names its own id alone, with the lines' sums; a read lists all")
    func answers() {
        var gateway = keyed()
        _ = does(&gateway, wish(.capture, part))
        let answered = gateway.apply(wish(.capture, part), to: "pi1", cause: cause, now: .zero)
        #expect(answered?.captures.map(\.minorUnits) == [2000])
        #expect(gateway.shown("pi1")?.captures.map(\.minorUnits) == [1000, 1000])
    }

    @Test("what would be done changes nothing")
    func pretended() {
        let gateway = keyed()
        #expect(gateway.pretend(wish(.cancel), to: "pi1")?.status == "void")
        #expect(gateway.shown("pi1")?.status == "open")
        #expect(gateway.ledger.isEmpty)
    }

    @Test(
        "a key is taken once until 24 h after its first request; nothing is stored while that is in progress")
    func keys() {
        var gateway = keyed()
        let answer = Answer(.refused, httpStatus: 400)
        let stored = StoredResponse(answer: answer, date: WallTime(seconds: 7), isToOurRequest: true)
        let lifetime = SimulatedGateway.keyLifetime
        var taken = [gateway.reserve("k", path: "pi1/cancel", now: .zero)]
        taken.append(gateway.reserve("k", path: "pi1/cancel", now: .seconds(1)))
        #expect(found(gateway, at: .seconds(1)) == .nothingStored)
        gateway.keep(answer, under: "k", date: WallTime(seconds: 7))
        #expect(found(gateway, at: .seconds(2)) == .stored(stored))
        taken.append(gateway.reserve("k", path: "pi1/cancel", now: lifetime - .seconds(1)))
        #expect(found(gateway, at: lifetime) == .nothingStored)
        taken.append(gateway.reserve("k", path: "pi1/cancel", now: lifetime))
        #expect(taken == [true, false, false, true])
    }

    private func found(_ gateway: SimulatedGateway, at time: Duration) -> Answer.Kind {
        gateway.stored(under: "k", path: "pi1/cancel", now: time).kind
    }

    @Test("without keys every request is taken")
    func noKeys() {
        var gateway = keyless()
        let taken = (1...2).map { _ in gateway.reserve("k", path: "pi1/cancel", now: .zero) }
        #expect(taken == [true, true])
    }

    @Test("tokens are taken until they are revoked")
    func tokens() {
        var gateway = keyed()
        #expect(!gateway.takes(token: nil))
        let first = gateway.issueToken()
        #expect(gateway.takes(token: first))
        gateway.revokeTokens()
        #expect(!gateway.takes(token: first))
        let second = gateway.issueToken()
        #expect(gateway.takes(token: second))
        #expect(keyless().takes(token: nil))
    }

    @Test("a pending intent refuses everything until it is released")
    func pending() {
        var gateway = keyless()
        let before = gateway.hold(wish(.cancel), on: "pi1")
        #expect(before == .open)
        #expect(gateway.shown("pi1")?.status == "pending")
        let whilePending = does(&gateway, wish(.cancel))
        gateway.release("pi1", as: .open)
        let afterwards = does(&gateway, wish(.cancel))
        #expect([whilePending, afterwards] == [false, true])
    }
}

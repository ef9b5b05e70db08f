import Instructions
import Pacing
import Runs

/// Whose request it was: the identity by which the ledger's effects are attributed.
struct Cause: Hashable {
    /// Position of the run in the scenario.
    let run: Int
    let row: Int
    /// Number of the attempt; 0 for another host that ran the same input before.
    let attempt: Int
    let key: String
}

/// One line of the gateway's own ledger.
struct LedgerLine {
    let intentID: String
    let action: Action
    let amount: Int64
    let lines: [LineAmount]
    /// nil for another actor.
    let cause: Cause?
    let at: Duration
}

/// A gateway with its intents, its ledger and what it keeps under keys. Time and faults come from the world.
struct SimulatedGateway {
    /// How long an answer is kept under its key, from the arrival of the first request.
    static let keyLifetime: Duration = .seconds(24 * 3600)

    private struct Kept {
        /// nil while the first request is in progress.
        var response: StoredResponse?
        let until: Duration
        let path: String
    }

    let kind: GatewayKind
    private(set) var intents: [String: SimulatedIntent]
    private(set) var ledger: [LedgerLine] = []
    private var kept: [String: Kept] = [:]
    /// Keys that were forgotten within their lifetime.
    private(set) var forgotten: Set<String> = []
    /// Tokens below this number are no longer taken.
    private var firstGoodToken = 1
    private var lastToken = 0
    private var lastCapture = 0

    init(kind: GatewayKind, intents: [SimulatedIntent]) {
        self.kind = kind
        self.intents = Dictionary(uniqueKeysWithValues: intents.map { ($0.id, $0) })
    }

    // MARK: Tokens

    mutating func issueToken() -> Int {
        lastToken += 1
        return lastToken
    }

    func takes(token: Int?) -> Bool { kind == .keyless || (token ?? 0) >= firstGoodToken }

    mutating func revokeTokens() { firstGoodToken = lastToken + 1 }

    // MARK: Keys

    /// Whether the key is new; it is in progress from now on. Without keys always.
    mutating func reserve(_ key: String, path: String, now: Duration) -> Bool {
        guard kind == .keyed else { return true }
        if let kept = kept[key], kept.until > now { return false }
        kept[key] = Kept(response: nil, until: now + Self.keyLifetime, path: path)
        return true
    }

    mutating func keep(_ answer: Answer, under key: String, date: WallTime) {
        kept[key]?.response = StoredResponse(answer: answer, date: date, isToOurRequest: true)
    }

    func stored(under key: String, path: String, now: Duration) -> Answer {
        guard let kept = kept[key], kept.until > now, let response = kept.response else {
            return Answer(.nothingStored, httpStatus: 404)
        }
        return Answer(
            .stored(
                StoredResponse(
                    answer: response.answer, date: response.date, isToOurRequest: kept.path == path)),
            httpStatus: 200)
    }

    /// Whether it still has an answer under that key, which it could forget.
    func forgets(_ key: String, now: Duration) -> Bool {
        guard let kept = kept[key] else { return false }
        return kept.response != nil && kept.until > now
    }

    mutating func forget(_ key: String) {
        kept[key] = nil
        forgotten.insert(key)
    }

    // MARK: Actions

    /// Does it and books it; nil when its rules refuse it.
    mutating func apply(_ wish: Wish, to id: String, cause: Cause?, now: Duration) -> PaymentIntent? {
        lastCapture += 1
        guard let booked = intents[id]?.apply(wish, captureID: "cap-\(lastCapture)") else { return nil }
        ledger.append(
            LedgerLine(
                intentID: id, action: wish.action, amount: booked.amount, lines: booked.lines, cause: cause,
                at: now))
        return intents[id]?.answered
    }

    /// What the answer would show, had it been done; nil when it would be refused.
    func pretend(_ wish: Wish, to id: String) -> PaymentIntent? {
        var copy = intents[id]
        guard copy?.apply(wish, captureID: "cap-none") != nil else { return nil }
        return copy?.answered
    }

    /// Leaves the intent pending for a while; its phase before, or nil when the action is refused.
    mutating func hold(_ wish: Wish, on id: String) -> SimulatedIntent.Phase? {
        guard let intent = intents[id], pretend(wish, to: id) != nil else { return nil }
        intents[id]?.phase = .pending
        return intent.phase
    }

    mutating func release(_ id: String, as phase: SimulatedIntent.Phase) { intents[id]?.phase = phase }

    func shown(_ id: String) -> PaymentIntent? { intents[id]?.shown }
}

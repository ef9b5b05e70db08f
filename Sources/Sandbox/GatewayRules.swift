import JSON

/// What the folder of one gateway supplies to the sandbox: its paths, its checks, its state and its answers.
///
/// A value that touches nothing outside itself. The desk owns it, writes the ledger, and only then lets it
/// change.
protocol GatewayRules: Sendable {
    /// As the ledger names it.
    static var gateway: String { get }
    /// The operations that a fault script may name.
    static var operations: [String] { get }
    /// The faults of its own state that a script may name; none unless the gateway says so.
    static var specialFaults: [SpecialFault] { get }

    /// What a request asks for, judged by method and path alone.
    func recognise(_ request: SandboxRequest) -> GatewayCall
    /// Checks the request against the state as it is now.
    func judge(_ call: GatewayCall, _ request: SandboxRequest) -> Judgement
    /// Changes the state; used by live requests and by replay alike, so both end in the same state.
    /// It does not ask whether the effect is allowed: what the ledger says has happened.
    mutating func apply(_ effect: LedgerEffect) throws(SandboxError)
    /// The gateway's answer to a request whose effect has just been applied.
    func answer(after effect: LedgerEffect) -> SandboxAnswer

    /// Takes note that a request has come, live and at replay alike, and completes the call by what `judge`
    /// will want to know of it.
    mutating func arrived(_ call: GatewayCall, number: Int, at unixMilliseconds: Int64) -> GatewayCall
    /// What the gateway keeps of an answer that goes with no effect, for a client to fetch later. An effect
    /// keeps its own answer when it is applied.
    func stored(
        _ answer: SandboxAnswer, to call: GatewayCall, _ request: SandboxRequest, at: String
    ) -> LedgerStored?
    /// Keeps an answer, live and at replay alike; a later one of the same key replaces it.
    mutating func keep(_ stored: LedgerStored)
    /// The answer to a body of more than `SandboxRequest.maximumBodyBytes`.
    func answerToLargeBody() -> SandboxAnswer
    /// Does what a special fault says; live and on replay alike, as soon as the request that it strikes is in
    /// the ledger, so before that is judged.
    mutating func perform(_ special: SpecialFault) throws(SandboxError)
    /// What the gateway keeps when the effect stands but the client gets this answer instead
    /// (`apply_then_status`); nil where it keeps no answers, or the call used no key up.
    func storedInstead(
        _ answer: SandboxAnswer, to call: GatewayCall, _ request: SandboxRequest
    ) -> LedgerStored?
}

extension GatewayRules {
    mutating func arrived(_ call: GatewayCall, number: Int, at unixMilliseconds: Int64) -> GatewayCall {
        var call = call
        call.number = number
        call.arrivedAt = unixMilliseconds
        return call
    }

    func stored(
        _ answer: SandboxAnswer, to call: GatewayCall, _ request: SandboxRequest, at: String
    ) -> LedgerStored? { nil }

    mutating func keep(_ stored: LedgerStored) {}

    static var specialFaults: [SpecialFault] { [] }

    func answerToLargeBody() -> SandboxAnswer { SandboxAnswer(status: 413) }

    mutating func perform(_ special: SpecialFault) throws(SandboxError) {
        throw .unknownSpecialFault(special, gateway: Self.gateway)
    }

    func storedInstead(
        _ answer: SandboxAnswer, to call: GatewayCall, _ request: SandboxRequest
    ) -> LedgerStored? { nil }
}

/// What a request asks for.
struct GatewayCall: Equatable, Sendable {
    /// One of the gateway's `operations`, or `unknown`.
    var operation: String
    var intentID: String?
    /// The request's number in the ledger; 0 before it has one.
    var number = 0
    /// When the request's head came, in milliseconds since 1970.
    var arrivedAt: Int64 = 0
    /// A limit of calls was used up when the request came.
    var isThrottled = false

    static let unknown = GatewayCall(operation: "unknown", intentID: nil)
}

/// What the rules say of a request.
enum Judgement: Equatable, Sendable {
    /// Nothing changes; this is the answer.
    case answer(SandboxAnswer)
    /// The state changes.
    case effect(Change)

    /// An effect before the desk gives it its call number and time.
    struct Change: Equatable, Sendable {
        var kind = LedgerEffect.Kind.effect
        /// The intent that is changed; nil for the one that the call names. A create says it here.
        var intentID: String?
        var amount: String?
        var currency: String?
        var reason: String?
        /// What else the gateway needs to do it again at a replay.
        var details = JSONObject()
        /// The intent as it is afterwards, where a replay could not work that out.
        var object: JSONValue?
    }
}

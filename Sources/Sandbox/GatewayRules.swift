/// What the folder of one gateway supplies to the sandbox: its paths, its checks, its state and its answers.
///
/// A value that touches nothing outside itself. The desk owns it, writes the ledger, and only then lets it
/// change.
protocol GatewayRules: Sendable {
    /// As the ledger names it.
    static var gateway: String { get }
    /// The operations that a fault script may name.
    static var operations: [String] { get }

    /// What a request asks for, judged by method and path alone.
    func recognise(_ request: SandboxRequest) -> GatewayCall
    /// Checks the request against the state as it is now.
    func judge(_ call: GatewayCall, _ request: SandboxRequest) -> Judgement
    /// Changes the state; used by live requests and by replay alike, so both end in the same state.
    /// It does not ask whether the effect is allowed: what the ledger says has happened.
    mutating func apply(_ effect: LedgerEffect) throws(SandboxError)
    /// The gateway's answer to a request whose effect has just been applied.
    func answer(after effect: LedgerEffect) -> SandboxAnswer
}

/// What a request asks for.
struct GatewayCall: Equatable, Sendable {
    /// One of the gateway's `operations`, or `unknown`.
    var operation: String
    var intentID: String?

    static let unknown = GatewayCall(operation: "unknown", intentID: nil)
}

/// What the rules say of a request.
enum Judgement: Equatable, Sendable {
    /// Nothing changes; this is the answer.
    case answer(SandboxAnswer)
    /// Money state changes.
    case effect(Change)

    /// An effect before the desk gives it its call number and time.
    struct Change: Equatable, Sendable {
        var amount: String?
        var currency: String?
        var reason: String?
    }
}

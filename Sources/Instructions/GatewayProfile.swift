/// What a gateway's status word means to the rules.
public enum IntentState: String, Sendable, CaseIterable {
    /// Not authorized yet: it can be cancelled, there is nothing to capture.
    case unauthorized
    /// Authorized: it can be captured or cancelled.
    case authorized
    /// Captured in part; the rest is still open by line items.
    case partiallyCaptured
    /// Captured.
    case captured
    /// Cancelled.
    case cancelled
    /// The gateway is still working on it.
    case pending
    /// Failed for good.
    case failed
    /// Refunded, disputed, or a word that the profile does not know.
    case other
}

/// A limit of calls in a window of time.
public struct RateLimit: Hashable, Sendable {
    public let calls: Int
    public let window: Duration

    public init(calls: Int, window: Duration) {
        self.calls = calls
        self.window = window
    }
}

/// What one account chooses where the API pages leave something open.
public struct Assumption: Hashable, Sendable {
    /// The key below `assume:` in the config.
    public let key: String
    /// The first one is the default.
    public let choices: [String]
    /// One sentence for `rules` and `doctor`.
    public let meaning: String

    public init(key: String, choices: [String], meaning: String) {
        self.key = key
        self.choices = choices
        self.meaning = meaning
    }
}

/// The state rules, retry contract and assumptions of one gateway: data that the rules are computed from.
public struct GatewayProfile: Sendable {
    /// What a request for less than the whole needs.
    public enum PartialRule: String, Sendable {
        /// Always rejected.
        case refused
        /// Taken as an amount, after which nothing more can be captured.
        case final
        /// Taken by line items.
        case byLineItems
    }

    /// `useepay`.
    public let gateway: String
    /// Every status word the gateway is known to use.
    public let states: [String: IntentState]
    public let cancelAllowedFrom: Set<IntentState>
    public let captureAllowedFrom: Set<IntentState>
    public let partialCancel: PartialRule
    public var partialCapture: PartialRule
    /// Whether a null captured amount of a captured intent counts as its whole amount.
    public let missingCapturedAmountMeansWhole: Bool
    /// Whether the row's reason is sent, so that a cancellation by another reason is somebody else's.
    public let sendsCancellationReason: Bool
    /// How long the gateway keeps the answer to a key; nil where it has no keys.
    public let keyLifetime: Duration?
    /// Whether calls need a token that is fetched first.
    public let usesTokens: Bool
    public let defaultLimits: [RateLimit]
    public let assumptions: [Assumption]

    public init(
        gateway: String, states: [String: IntentState], cancelAllowedFrom: Set<IntentState>,
        captureAllowedFrom: Set<IntentState>, partialCancel: PartialRule, partialCapture: PartialRule,
        missingCapturedAmountMeansWhole: Bool, sendsCancellationReason: Bool, keyLifetime: Duration? = nil,
        usesTokens: Bool = false, defaultLimits: [RateLimit], assumptions: [Assumption]
    ) {
        self.gateway = gateway
        self.states = states
        self.cancelAllowedFrom = cancelAllowedFrom
        self.captureAllowedFrom = captureAllowedFrom
        self.partialCancel = partialCancel
        self.partialCapture = partialCapture
        self.missingCapturedAmountMeansWhole = missingCapturedAmountMeansWhole
        self.sendsCancellationReason = sendsCancellationReason
        self.keyLifetime = keyLifetime
        self.usesTokens = usesTokens
        self.defaultLimits = defaultLimits
        self.assumptions = assumptions
    }

    public func state(of status: String) -> IntentState { states[status] ?? .other }

    public func allows(_ action: Action, from state: IntentState) -> Bool {
        switch action {
        case .cancel: cancelAllowedFrom.contains(state)
        case .capture: captureAllowedFrom.contains(state)
        }
    }

    /// The account's choice for an assumption.
    public typealias Choices = [String: String]
}

/// What became of a row (contract, section 5).
public enum Outcome: String, Sendable, CaseIterable, Codable {
    /// The gateway did it in this run.
    case applied
    /// It was done before; nothing was sent.
    case alreadyApplied = "already_applied"
    /// A file, state or duplicate rule says no; nothing was sent.
    case rejected
    /// Definitively refused by the gateway.
    case declined
    /// Known not to have taken effect.
    case failed
    /// It may have taken effect; never sent again blindly.
    case unconfirmed
    /// The run was abandoned before it, or its file refused.
    case notSent = "not_sent"

    /// The same in words for people.
    public var words: String {
        switch self {
        case .applied: "done"
        case .alreadyApplied: "was done before"
        case .rejected: "rejected by our checks"
        case .declined: "declined by the gateway"
        case .failed: "given up"
        case .unconfirmed: "not confirmed"
        case .notSent: "not sent"
        }
    }

    /// Whether the intent now is as the row asked, so that a later row on the same intent may go on.
    public var isDone: Bool { self == .applied || self == .alreadyApplied }
}

/// How an outcome is known.
public enum HowKnown: String, Sendable, CaseIterable, Codable {
    case response
    case storedResponse = "stored_response"
    case readBack = "read_back"
    case earlierRun = "earlier_run"
    case rule
    case person
    case none
}

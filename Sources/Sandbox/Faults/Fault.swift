/// What can be done to a request instead of serving it plainly.
enum Fault: Equatable, Sendable {
    /// Answers so, without applying anything.
    case answer(ScriptedAnswer)
    /// Applies what was asked, then answers so.
    case applyThenStatus(ScriptedAnswer)
    /// Closes the connection when the whole request has been read; nothing is applied, no byte is sent.
    case dropBefore
    /// Applies what was asked, then closes the connection; no byte is sent.
    case dropAfter
    /// Closes the connection, and applies what was asked this much later.
    case late(milliseconds: Int)
    /// Waits, then judges, applies and answers as usual. The effect comes after the wait, even when the
    /// client has gone meanwhile.
    case delay(milliseconds: Int)
    /// Never answers: the connection stays until the client closes it.
    case hang(apply: Bool)
    /// Serves as usual, but sends the body byte by byte with this much between two of them.
    case drip(milliseconds: Int)
    /// Sends half a status line, then closes the connection.
    case halfStatus(apply: Bool)
    /// Answers with a page of HTML, as a proxy in between would.
    case html(status: Int, apply: Bool)
    /// Serves as usual, but damages the answer.
    case damaged(AnswerDamage)
    /// Changes state of the gateway that is not an intent's, then serves as usual.
    case special(SpecialFault)

    /// As the fault script and the ledger write it.
    var name: String {
        switch self {
        case .answer: "answer"
        case .applyThenStatus: "apply_then_status"
        case .dropBefore: "drop_before"
        case .dropAfter: "drop_after"
        case .late: "late"
        case .delay: "delay"
        case .hang: "hang"
        case .drip: "drip"
        case .halfStatus: "half_status"
        case .html: "html"
        case .damaged(let damage): damage.rawValue
        case .special(let special): special.rawValue
        }
    }

    /// The names that every gateway knows.
    static let commonNames =
        [
            "answer", "apply_then_status", "drop_before", "drop_after", "late", "delay", "hang", "drip",
            "half_status", "html",
        ] + AnswerDamage.allCases.map(\.rawValue)
}

/// Faults whose meaning belongs to a gateway's rules; by the names of the fault script.
enum SpecialFault: String, CaseIterable, Sendable {
    /// Every access token that was given out is worth nothing any more.
    case revokeToken = "revoke_token"
    /// Idempotency keys and the answers stored under them are forgotten, as after their 24 hours.
    case forgetKeys = "forget_keys"
}

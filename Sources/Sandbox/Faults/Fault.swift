/// What can be done to a request instead of serving it plainly.
enum Fault: Equatable, Sendable {
    /// Answers so, without applying anything.
    case answer(SandboxAnswer)
    /// Closes the connection when the whole request has been read; nothing is applied, no byte is sent.
    case dropBefore
    /// Applies what was asked, then closes the connection; no byte is sent.
    case dropAfter
    /// Waits, then judges, applies and answers as usual. The effect comes after the wait, even when the
    /// client has gone meanwhile.
    case delay(milliseconds: Int)

    /// As the fault script and the ledger write it.
    var name: String {
        switch self {
        case .answer: "answer"
        case .dropBefore: "drop_before"
        case .dropAfter: "drop_after"
        case .delay: "delay"
        }
    }
}

/// What must hold in every simulated run.
enum Invariant: String, CaseIterable {
    /// P1: the ledger has at most one effect of an instruction.
    case atMostOnce = "at most once"
    /// P2: a row gets exactly one outcome, and it stays.
    case settledOnce = "one outcome a row"
    case nothingLost = "nothing lost"
    /// P4: what is sent is an open committed attempt with the same key and body, and sent once.
    case attemptBeforeSend = "attempt before send"
    /// An attempt leaves within a minute of its opening, from which every later wait is measured.
    case sentSoon = "sent soon"
    case orderOnIntent = "order on an intent"
    /// After an attempt that proves nothing, what resolving.md asks comes first.
    case noBlindResend = "no blind re-send"
    /// What is acted on was read at most a minute before, by this execution.
    case freshSnapshot = "fresh snapshot"
    /// Over all runs of the account.
    case oneOpenAttempt = "one open attempt"
    /// Outcome and attempt change in one transaction.
    case outcomeWithAttempt = "outcome with attempt"
    case outcomeTrue = "outcome true"
    /// `unconfirmed` only where nothing better could be known.
    case unconfirmedNeeded = "unconfirmed needed"
    /// No more sends of a row than its rules give it.
    case boundedRetries = "bounded retries"
    /// Of other runs' rows the row guard and unconfirmed rows keep this one away.
    case rowGuard = "row guard"
    case resolveSendsNothing = "resolve sends nothing"
    /// `failed` only after two reads, both later than a lost request may take effect.
    case resolvedInTime = "resolved in time"
    case ends = "ends"
}

/// A seed's failure.
struct Violation: Error {
    let invariant: Invariant
    let message: String

    init(_ invariant: Invariant, _ message: String) {
        self.invariant = invariant
        self.message = message
    }
}

/// What can go wrong in a simulated run. A scenario plays a few of them, each at a rate of its own.
enum FaultKind: String, CaseIterable {
    // On the way.
    /// The request never arrives.
    case requestLost = "request lost"
    /// It arrives; its answer never comes back.
    case answerLost = "answer lost"
    /// It arrives after its sender gave it up, at most `late-bound` after it was sent.
    case requestLate = "request late"
    /// It arrives twice.
    case requestDoubled = "request doubled"
    /// No byte leaves.
    case refusedConnection = "connection refused"
    // At the gateway.
    case throttled = "429"
    /// Not done.
    case serverError = "5xx"
    /// Refused, for a reason that no rule tells.
    case whim = "refused on a whim"
    /// Done, and then a 500 is answered and stored.
    case effectThenError = "done then 500"
    /// A 500 is answered and stored, and the action is done later.
    case errorThenEffect = "500 then done"
    /// Takes longer than its answer is awaited; its key is in progress meanwhile.
    case slow
    /// Done or not, the answer shows the intent as it was.
    case showsNoEffect = "2xx without effect"
    /// Done or not, the answer shows another intent.
    case wrongID = "wrong id"
    /// Not done, but the answer shows it as done: a lie, see `Exclusion`.
    case falseClaim = "false claim"
    case pending
    /// Every token so far is refused, or without tokens this call.
    case unauthorized = "401"
    /// The 401 or 429 uses up the key and is stored.
    case keyBurnt = "key burnt"
    /// The account's credentials are refused for a while.
    case credentials = "credentials refused"
    /// A key is forgotten within its lifetime: a broken promise, see `Exclusion`.
    case keyForgotten = "key forgotten"
    case storedFailed = "stored read failed"
    case readFailed = "read failed"
    case readMissing = "read 404"
    /// Every call fails for a while.
    case storm
    case otherActor = "other actor"
    /// Another host ran this input before, with the same keys.
    case earlierHost = "earlier host"
    // At our side.
    case crash
    /// A crash while a transaction was on its way, which then was written or not.
    case crashInCommit = "crash in commit"
    /// Nothing of ours runs for hours or days, so that keys grow old.
    case longDowntime = "long downtime"
    case clockBack = "clock back"
    case clockForward = "clock forward"
    /// A signal; the run drains and is resumed.
    case stop
    /// A person gives the run up.
    case abandon = "abandoned"
    /// Leave to call comes after minutes, as with long windows.
    case longLease = "long lease"
    /// The process is held up until the lease is closed.
    case missedLease = "missed lease"
}

/// How often each fault happens, per thousand chances.
struct FaultRates {
    private var rates = [Int](repeating: 0, count: FaultKind.allCases.count)

    subscript(kind: FaultKind) -> Int {
        get { rates[kind.index] }
        set { rates[kind.index] = newValue }
    }
}

extension FaultKind {
    private static let indices = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

    /// Position in `allCases`, for counting.
    var index: Int { Self.indices[self] ?? 0 }
}

import Instructions
import Pacing

/// A row in memory: where it stands and what is known of it.
struct ActiveRow: Sendable {
    enum Step: Sendable {
        /// In `ready`: its intent shall be read.
        case wantsRead
        /// In `ready`: its attempt shall be opened and sent.
        case wantsSend
        /// In `ready`: the answer that the gateway saved under its key shall be fetched.
        case wantsStored
        /// In `ready`: its attempt is committed, but the slot of its lease has passed.
        case wantsSlot
        /// Until then it does nothing; afterwards it enters `ready` for that.
        case waiting(then: Want)
        case reading
        case fetchingStored
        /// Its attempt is being committed.
        case opening
        case sending
        /// Its outcome is being committed.
        case settling
    }

    /// What a waiting row does next.
    enum Want: Sendable {
        case read, send, stored
    }

    /// An attempt that the store holds open.
    struct OpenAttempt: Sendable {
        let attempt: Attempt
        let request: GatewayRequest
        var sentAt: Duration?
        /// How it will be closed. It stays open after an answer that does not end the row once an earlier attempt
        /// is ambiguous, so that no other run touches the intent meanwhile.
        var answer: AnswerClass = .ambiguous
        var httpStatus: Int?
        var gatewayCode: String?
    }

    let instruction: Instruction
    let sameActionInFile: Bool
    var step: Step = .wantsRead
    var stamp = 0

    /// The newest read of this execution, and when it was made.
    var snapshot: PaymentIntent?
    var snapshotAt: Duration?
    var statusBefore: String?
    var ask: Ask?
    /// What it counts for in the bound on sums.
    var counted: Money?

    /// Being committed; it becomes `open` with the commit.
    var opening: OpenAttempt?
    var open: OpenAttempt?
    /// The first attempt whose answer proves nothing; from then on only section 3 judges.
    var firstAmbiguous: Attempt?
    /// Number of the newest attempt.
    var lastNumber = 0
    /// Generation of the newest attempt; the first one has 1.
    var generation = 1
    /// The next attempt gets the next generation.
    var risesGeneration = false
    /// The next attempt repeats the last one under the same key, without a read before it.
    var repeatsKey = false
    /// When the newest generation's key was first sent; nil before.
    var keyFirstSentAt: WallTime?
    /// When the row's first attempt was opened.
    var firstOpenedAt: WallTime?
    /// When its newest attempt of an earlier execution was opened.
    var lastOpenedAt: WallTime?
    /// Fetches of a stored response in a row that found nothing or failed.
    var storedTries = 0
    /// What the key could tell was no proof: only reading helps from here on, until the generation rises.
    var keyIsSilent = false
    /// A request under an earlier generation's key may still take effect: what the newest key tells is no proof of
    /// the contrary.
    var earlierKeyMayLand = false
    /// The next read is the last: only our effect and what excludes it count.
    var readsLast = false
    var lastKey: String?
    /// Its open attempt was found by this execution: the first repetition is not at the cost of the retry budget.
    var isBudgetExempt = false
    /// While resolving: when the first of two unchanged reads was made.
    var unchangedSince: Duration?
    /// Sends that count against `retry.attempts`: 401, 429 and what never left do not.
    var sends = 0
    /// The gateway refused a re-send; it may have done so because the first one landed late.
    var refusedAfterAmbiguous: Answer?

    var failedReads = 0
    var pendingReads = 0
    var pendingSince: Duration?
    /// Tries to open an attempt on an intent that another run holds.
    var takenTries = 0
    /// Retries of what never left.
    var unsentTries = 0

    init(_ pending: PendingRow) {
        instruction = pending.instruction
        sameActionInFile = pending.earlier?.sameActionInFile ?? false
    }

    var row: Int { instruction.row }
}

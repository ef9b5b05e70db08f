package import Instructions
package import Pacing

/// How an attempt ended (resolving.md, section 1). The raw values are stored.
package enum AnswerClass: String, Sendable, CaseIterable {
    case notSent = "not_sent"
    case proven
    case refused
    case unauthorized
    case throttled
    /// 409: an earlier request had the key.
    case keyUsed = "key_used"
    case ambiguous
}

/// One HTTP exchange that may change money, written durably before its first byte leaves.
/// It freezes what was known and what is sent.
package struct Attempt: Hashable, Sendable {
    package let row: Int
    /// From 1, counted over all executions of the run.
    package let number: Int
    /// Rises only where resolving.md says so.
    package let generation: Int
    /// `BASE-ROW-GENERATION`, at most 36 characters.
    package let key: String
    package let action: Action
    package let intentID: String
    /// The intent as it was read before; nil without preflight.
    package let snapshot: PaymentIntent?
    /// What this attempt asks for, resolved; nil when the whole is cancelled unseen.
    package let amount: Money?
    package let lines: [LineAmount]
    /// The exact bytes that are sent.
    package let body: [UInt8]
    package let openedAt: WallTime
    /// How long its answer is awaited.
    package let timeout: Duration
    /// Whether it repeats an ambiguous one at the cost of the retry budget.
    package var isBudgeted = false
    /// nil while it is open.
    package var answer: AnswerClass?

    package init(
        row: Int, number: Int, generation: Int, key: String, action: Action, intentID: String,
        snapshot: PaymentIntent?, amount: Money?, lines: [LineAmount], body: [UInt8], openedAt: WallTime,
        timeout: Duration, answer: AnswerClass?
    ) {
        self.row = row
        self.number = number
        self.generation = generation
        self.key = key
        self.action = action
        self.intentID = intentID
        self.snapshot = snapshot
        self.amount = amount
        self.lines = lines
        self.body = body
        self.openedAt = openedAt
        self.timeout = timeout
        self.answer = answer
    }
}

/// How an open attempt is closed.
package struct AttemptClosing: Hashable, Sendable {
    package let row: Int
    package let number: Int
    package let answer: AnswerClass
    package let httpStatus: Int?
    package let gatewayCode: String?
    package let closedAt: WallTime

    package init(
        row: Int, number: Int, answer: AnswerClass, httpStatus: Int?, gatewayCode: String?, closedAt: WallTime
    ) {
        self.row = row
        self.number = number
        self.answer = answer
        self.httpStatus = httpStatus
        self.gatewayCode = gatewayCode
        self.closedAt = closedAt
    }
}

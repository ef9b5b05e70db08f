package import Instructions
package import Pacing

/// The outcome of one row with everything the report says of it.
package struct Settlement: Hashable, Sendable {
    package let row: Int
    /// nil for a rejected row whose action cannot be read.
    package let action: Action?
    package let outcome: Outcome
    /// Stable code of a rule or of what was found out; nil where the outcome says all.
    package var code: String?
    package var message: String?
    package var howKnown: HowKnown
    package var statusBefore: String?
    package var statusAfter: String?
    /// Whether the row asked for the whole intent, as resolved; nil when it never was.
    package var isWhole: Bool?
    /// What the row asked for, resolved against the intent; nil when it never was.
    package var asked: Money?
    package var applied: Money?
    package var remaining: Money?
    /// Sends of money-changing calls.
    package var attempts = 0
    /// The key of the last attempt.
    package var key: String?
    package var gatewayReference: String?
    package var gatewayCode: String?
    package var httpStatus: Int?
    package var finishedAt: WallTime

    package init(row: Int, action: Action?, outcome: Outcome, howKnown: HowKnown, finishedAt: WallTime) {
        self.row = row
        self.action = action
        self.outcome = outcome
        self.howKnown = howKnown
        self.finishedAt = finishedAt
    }
}

package import Instructions

/// What a row would do now, by what is known without sending anything.
package struct PlannedRow: Hashable, Sendable {
    /// The raw values are shown and are stable.
    package enum Effect: String, Sendable, CaseIterable {
        case wouldApply = "would_apply"
        /// By the intent's state, or by an earlier run: nothing would be sent.
        case alreadyApplied = "already_applied"
        case rejected
        /// The gateway is still working on the intent; a run asks again for a while.
        case pending
        /// An earlier row on the same intent comes first; what it leaves behind is judged then.
        case afterRow = "after_row"
        /// Beyond the reads that a plan makes unless it is a full one.
        case notRead = "not_read"
        /// The gateway did not say what the intent is.
        case unreadable
    }

    package let instruction: Instruction
    package let effect: Effect
    /// What would be acted on, or was: resolved where the intent was read, else what the file asks in figures.
    package let amount: Money?
    /// The intent's status as it was read.
    package let status: String?
    /// As the report of a run would have them.
    package let code: String?
    package let message: String?

    init(
        _ instruction: Instruction, _ effect: Effect, amount: Money? = nil, status: String? = nil,
        code: String? = nil, message: String? = nil
    ) {
        self.instruction = instruction
        self.effect = effect
        if case .exactly(let asked) = instruction.requested {
            self.amount = amount ?? asked
        } else {
            self.amount = amount
        }
        self.status = status
        self.code = code
        self.message = message
    }
}

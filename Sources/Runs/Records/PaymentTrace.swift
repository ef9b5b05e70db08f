package import Instructions
package import Pacing

/// One row on one payment, in one run, with all that is known of it.
package struct PaymentTrace: Hashable, Sendable {
    /// An attempt and how it ended.
    package struct Sent: Hashable, Sendable {
        package let attempt: Attempt
        /// nil while it is open.
        package let closedAt: WallTime?
        package let httpStatus: Int?
        package let gatewayCode: String?

        package init(attempt: Attempt, closedAt: WallTime?, httpStatus: Int?, gatewayCode: String?) {
            self.attempt = attempt
            self.closedAt = closedAt
            self.httpStatus = httpStatus
            self.gatewayCode = gatewayCode
        }
    }

    /// That an unconfirmed row was settled after all.
    package struct Resolved: Hashable, Sendable {
        /// Of the report that shows the new outcome.
        package let revision: Int
        package let actor: String
        package let note: String?
        package let at: WallTime
        /// What stood before.
        package let before: Settlement

        package init(revision: Int, actor: String, note: String?, at: WallTime, before: Settlement) {
            self.revision = revision
            self.actor = actor
            self.note = note
            self.at = at
            self.before = before
        }
    }

    package let run: RunRecord
    package let instruction: Instruction
    /// nil while the row has no outcome.
    package let settlement: Settlement?
    /// Oldest first.
    package let sent: [Sent]
    /// Oldest first.
    package let resolved: [Resolved]

    package init(
        run: RunRecord, instruction: Instruction, settlement: Settlement?, sent: [Sent], resolved: [Resolved]
    ) {
        self.run = run
        self.instruction = instruction
        self.settlement = settlement
        self.sent = sent
        self.resolved = resolved
    }
}

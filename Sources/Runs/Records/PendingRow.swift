package import Instructions

/// A row without an outcome, as the loader hands it to the machine.
package struct PendingRow: Hashable, Sendable {
    package let instruction: Instruction
    /// Smaller goes first: the earliest `expires_at` among the rows on its intent, in Unix seconds.
    package let priority: Int64
    /// The previous row on the same intent, with its outcome; nil for the first one.
    package let earlier: Earlier?
    /// Its attempts of earlier executions, oldest first.
    package var attempts: [Attempt]
    /// Rows of other runs that the row guard judges by.
    package var elsewhere: [ElsewhereRow] = []

    package struct Earlier: Hashable, Sendable {
        package let row: Int
        package let outcome: Outcome
        /// Whether any earlier row on this intent has the same action, so that a state alone proves nothing.
        package let sameActionInFile: Bool

        package init(row: Int, outcome: Outcome, sameActionInFile: Bool) {
            self.row = row
            self.outcome = outcome
            self.sameActionInFile = sameActionInFile
        }
    }

    package init(instruction: Instruction, priority: Int64, earlier: Earlier?, attempts: [Attempt]) {
        self.instruction = instruction
        self.priority = priority
        self.earlier = earlier
        self.attempts = attempts
    }
}

/// Where the loader goes on: after this priority and row.
package struct LoadCursor: Hashable, Sendable {
    package let priority: Int64
    package let row: Int

    package init(priority: Int64, row: Int) {
        self.priority = priority
        self.row = row
    }
}

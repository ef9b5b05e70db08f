package import Instructions

/// A row of another run of the same account identity, on the same intent or with the same reference.
package struct ElsewhereRow: Hashable, Sendable {
    package let run: String
    /// Whether its run was made before the one that is judged. Of two runs that both still have to do the same, only
    /// the later one gives way.
    package let isEarlier: Bool
    package let instruction: Instruction
    /// nil while it is still to run.
    package let outcome: Outcome?
    /// Whether it asked for the whole intent, as resolved; nil while it is not settled.
    package let isWhole: Bool?

    package init(run: String, isEarlier: Bool, instruction: Instruction, outcome: Outcome?, isWhole: Bool?) {
        self.run = run
        self.isEarlier = isEarlier
        self.instruction = instruction
        self.outcome = outcome
        self.isWhole = isWhole
    }

    package var row: Int { instruction.row }
}

/// A row of another run that keeps its intent from being acted on.
package struct UnsettledRow: Hashable, Sendable {
    package let run: String
    package let row: Int
    /// Else it has a call on its way.
    package let isUnconfirmed: Bool

    package init(run: String, row: Int, isUnconfirmed: Bool) {
        self.run = run
        self.row = row
        self.isUnconfirmed = isUnconfirmed
    }
}

/// What a store says of the intent and reference of a row that is in no run yet.
package struct RowElsewhere: Hashable, Sendable {
    package var rows: [ElsewhereRow]
    package var unsettled: UnsettledRow?

    package init(rows: [ElsewhereRow] = [], unsettled: UnsettledRow? = nil) {
        self.rows = rows
        self.unsettled = unsettled
    }
}

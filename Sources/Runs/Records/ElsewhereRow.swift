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

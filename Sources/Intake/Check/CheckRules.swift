package import Instructions

/// What a file is judged by beyond the rules that hold for every file.
package struct CheckRules: Hashable, Sendable {
    package enum OnInvalid: Hashable, Sendable {
        /// One error and nothing of the file is sent.
        case refuse
        /// Bad rows are rejected, the others run.
        case skip
    }

    /// What the job allows; with exactly one, the column `action` is not needed.
    package var allowedActions: Set<Action>
    /// How the file is to be read.
    package var reading: ReadOptions
    package var onInvalid = OnInvalid.refuse
    package var maximum = FileMaximum()
    /// What the caller says that the file holds, beside what stands in its sidecar.
    package var expected: ControlTotals?
    /// Columns that are not searched for card numbers, in any spelling of a header.
    package var columnsWithoutCards: [String] = []
    /// Whether a file without control totals waits for them.
    package var needsTotals = false

    package init(
        allowedActions: Set<Action> = Set(Action.allCases), reading: ReadOptions = ReadOptions()
    ) {
        self.allowedActions = allowedActions
        self.reading = reading
    }
}

/// The most that a file may hold; nil and missing currencies mean no bound.
package struct FileMaximum: Hashable, Sendable {
    package var rows: Int?
    /// Of all rows with an amount in figures, whatever their action.
    package var sums: [Money] = []
    /// Bad rows among all rows, with `on-invalid: skip`, in millionths.
    package var invalidPartsPerMillion: Int?

    package init() {}
}

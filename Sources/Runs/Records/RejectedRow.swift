package import Instructions

/// A bad row that the job passes over (`on-invalid: skip`): it is rejected with the import, the rest runs.
package struct RejectedRow: Hashable, Sendable {
    package let row: FaultyRow
    /// The code of its first problem.
    package let code: String
    /// What is wrong, where, and how to mend it.
    package let message: String

    package init(row: FaultyRow, code: String, message: String) {
        self.row = row
        self.code = code
        self.message = message
    }
}

package import Instructions

/// Rows of one input on their way into the store, in file order.
package struct ImportBatch: Sendable {
    package fileprivate(set) var good: [Instruction] = []
    package fileprivate(set) var rejected: [RejectedRow] = []
    /// The numbers of rows whose intent an earlier one may have had, of this batch or of one before. None that shares
    /// its intent is missing; some share nothing.
    package internal(set) var recurring: Set<Int> = []

    package var rows: Int { good.count + rejected.count }
}

/// Makes the batches of one import.
package struct ImportBatches {
    private var batch = ImportBatch()
    private var intents = SeenIntents()

    package init() {}

    /// In the batch that is being made.
    package var rows: Int { batch.rows }

    package mutating func add(_ row: Instruction) {
        batch.good.append(row)
        note(row.intentID, of: row.row)
    }

    package mutating func add(_ rejected: RejectedRow) {
        batch.rejected.append(rejected)
        if let intentID = rejected.row.intentID { note(intentID, of: rejected.row.row) }
    }

    /// The rows that were added since it was last asked for.
    package mutating func take() -> ImportBatch {
        defer { batch = ImportBatch() }
        return batch
    }

    private mutating func note(_ intentID: String, of row: Int) {
        if intents.mayHaveSeen(intentID) { batch.recurring.insert(row) }
    }
}

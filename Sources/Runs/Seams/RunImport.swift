package import Instructions

/// Takes the rows of a claimed input into the store, in batches.
package protocol RunImport: Sendable {
    /// The run of this input for this account identity, unless none is there yet; refused ones leave none.
    func existingRun(identity: AccountIdentity, sha256: String) async throws -> RunRecord?
    /// Makes the run in state `importing`. Throws `RunStoreError` with code `.inputTaken` when another process
    /// made it first: of any number of racing processes exactly one wins.
    func create(_ run: NewRun) async throws -> RunRecord
    /// Removes what an import left behind that was interrupted.
    func clearRows(of run: RunRecord) async throws
    /// All rows of a run come in batches of one `ImportBatches`, of a few thousand rows at most. Bad rows have their
    /// outcome at once; its time is the run's creation. Later rows on their intents find them settled.
    func append(_ batch: ImportBatch, to run: RunRecord) async throws
    /// Links the rows on one intent, sets priorities and flips `importing` to `ready`, in one transaction.
    func finish(_ run: RunRecord, rows: Int) async throws
}

package import Pacing

/// One change of the checkpoint. Handed on by reference: it is large, and passes several hands.
package indirect enum RunWrite: Hashable, Sendable {
    /// Refused as a whole unit when another attempt is open on the intent of that account identity, or when the row
    /// guard says so. The guard judges no row that has an ambiguous attempt: such a unit closes that one first.
    case open(Attempt)
    case close(AttemptClosing)
    case settle(Settlement)
}

/// Writes that take effect together or not at all.
package struct WriteUnit: Hashable, Sendable {
    /// The machine's number for it, unique within an execution.
    package let id: Int
    package let writes: [RunWrite]
    /// Whether it settles a row by what a read showed before anything was sent. Such a unit is refused as one that
    /// opens an attempt is: what the read showed may be another run's doing.
    package let isByState: Bool

    package init(id: Int, writes: [RunWrite], isByState: Bool = false) {
        self.id = id
        self.writes = writes
        self.isByState = isByState
    }
}

/// What became of a unit once its transaction is on disk.
package enum UnitResult: Hashable, Sendable {
    /// With the rows that waited for a row settled by it.
    case committed(released: [PendingRow])
    /// Nothing of the unit was written: another attempt on the intent is open, or another run has an unconfirmed
    /// row there. `executing` says whether the attempt belongs to a living process, so that waiting helps; it
    /// never helps against an unconfirmed row.
    case intentTaken(run: String, row: Int, executing: Bool)
    /// Nothing of the unit was written: another run did the same, still has to, or may have. Never `.free`.
    case judgedByEarlierRun(EarlierRunRule.Verdict)
}

/// The checkpoint of one run while it is executed: the hot path. All calls are serialised by the store, and
/// whatever a call returns is already durable.
package protocol RunStore: Sendable {
    /// What an execution is to know of those before it.
    func past() async throws -> RunPast
    /// Rows that earlier executions left behind: with attempts of their own, or freed by a settled row. After `begin`.
    func loadStarted() async throws -> [PendingRow]
    /// Further rows that wait for no other row, by priority and row. After `begin`; rows of this execution may be
    /// among them up to the last one that it loaded.
    func loadWaiting(after cursor: LoadCursor?, limit: Int) async throws -> [PendingRow]
    /// Commits the units in one transaction and syncs it. One result a unit, in order.
    func commit(_ units: [WriteUnit], calls: CallCounts) async throws -> [UnitResult]
    /// Marks the run `running` for a new execution.
    func begin(actor: String, at time: WallTime) async throws
    /// Marks the run `finished`, or `stopped` with the reason.
    func end(stoppedBy: StopReason?, at time: WallTime) async throws
}

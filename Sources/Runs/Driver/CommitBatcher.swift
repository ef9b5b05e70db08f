/// Gathers units while a commit is on its way to the disk, so that one sync serves all of them (group commit).
/// A value: the driver and the simulator use the same one.
package struct CommitBatcher: Sendable {
    /// Units of one transaction at most; the time of a sync is long gone in the noise there.
    package static let largestBatch = 512

    private var gathered: [WriteUnit] = []
    private var isCommitting = false

    package init() {}

    package mutating func add(_ unit: WriteUnit) { gathered.append(unit) }

    /// The next batch, unless one is on its way or there is nothing to write.
    package mutating func next() -> [WriteUnit]? {
        guard !isCommitting, !gathered.isEmpty else { return nil }
        isCommitting = true
        let batch = Array(gathered.prefix(Self.largestBatch))
        gathered.removeFirst(batch.count)
        return batch
    }

    package mutating func finished() { isCommitting = false }
}

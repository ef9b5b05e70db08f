/// Gathers units while a commit is on its way to the disk, so that one sync serves all of them (group commit).
/// A value: the driver and the simulator use the same one.
package struct CommitBatcher: Sendable {
    /// Units of one transaction at most; the time of a sync is long gone in the noise there.
    package static let largestBatch = 512

    /// As many are worth a transaction of their own while further ones come.
    private static let fairBatch = 64

    private var gathered: [WriteUnit] = []
    private var isCommitting = false

    /// Whether `next` has a batch.
    package var isReady: Bool { !isCommitting && !gathered.isEmpty }
    /// Whether that is not to wait for more.
    package var isFair: Bool { isReady && gathered.count >= Self.fairBatch }

    package init() {}

    package mutating func add(_ unit: WriteUnit) { gathered.append(unit) }

    /// The next batch, unless one is on its way or there is nothing to write.
    package mutating func next() -> [WriteUnit]? {
        guard isReady else { return nil }
        isCommitting = true
        let batch = Array(gathered.prefix(Self.largestBatch))
        gathered.removeFirst(batch.count)
        return batch
    }

    package mutating func finished() { isCommitting = false }
}

import Pacing

/// Rows a second over all of an execution but the stretches in which nothing was settled: what it does when no limit,
/// pause or outage makes it wait.
struct WorkingPace {
    /// A longer stretch without a row is one of waiting.
    private static let patience: Duration = .seconds(10)

    private var first: Int?
    private var settled = 0
    private var worked: Duration = .zero
    private var progressedAt: Duration = .zero
    private var lookedAt: Duration = .zero

    /// - Parameter settled: rows settled until now (monotonic clock), never fewer than before.
    mutating func note(settled: Int, at now: Duration) {
        guard first != nil else {
            (first, self.settled, progressedAt, lookedAt) = (settled, settled, now, now)
            return
        }
        if settled > self.settled {
            let hasWaited = now - progressedAt > Self.patience
            worked += now - (hasWaited ? lookedAt : progressedAt)
            self.settled = settled
            progressedAt = now
        }
        lookedAt = now
    }

    /// nil while that cannot be told.
    var rowsPerSecond: Double? {
        guard let first, worked >= .seconds(1) else { return nil }
        return Double(settled - first) / (worked / .seconds(1))
    }
}

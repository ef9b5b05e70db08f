/// Bounds the money-changing calls that a run repeats after an answer that proved nothing (contract, P6).
///
/// A share of the run's rows, plus a floor so that a small run may repeat anything at all. Counted over all
/// executions of a run; repetitions that were answered 401 or 429 or never left, and those of attempts that a crash
/// left open, are not counted.
///
/// | rows | share | may be repeated |
/// |---|---|---|
/// | 20 | 10 % | 12 |
/// | 8,000 | 10 % | 810 |
/// | 8,000 | 0 % | 10 |
public struct RetryBudget: Hashable, Sendable {
    /// What every run may repeat, however few its rows.
    public static let floor = 10

    public let limit: Int
    public private(set) var spent: Int

    /// - Parameters:
    ///   - partsPerMillion: the share of the rows.
    ///   - spent: what earlier executions of the run used.
    public init(rows: Int, partsPerMillion: Int, spent: Int = 0) {
        limit = rows * partsPerMillion / 1_000_000 + Self.floor
        self.spent = spent
    }

    public var isSpent: Bool { spent >= limit }

    public mutating func spend() { spent += 1 }

    /// A repetition turned out not to count.
    public mutating func giveBack() { spent -= 1 }
}

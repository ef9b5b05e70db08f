/// When a run stops itself because too many rows go wrong (job key `stop-when`).
public struct FailureLimit: Hashable, Sendable, Codable {
    /// The share of the settled rows that may go wrong, in millionths; nil for any.
    public var partsPerMillion: Int?
    /// The share is judged once this many rows are settled.
    public var after: Int
    /// Rows in a row that go wrong; nil for any number.
    public var consecutive: Int?

    public init(partsPerMillion: Int? = nil, after: Int = 200, consecutive: Int? = nil) {
        self.partsPerMillion = partsPerMillion
        self.after = after
        self.consecutive = consecutive
    }
}

/// Counts how the rows of one execution end against a `FailureLimit`. A resumed run counts anew.
///
/// With `failures: 2%, after: 200, consecutive: 20`:
///
/// | settled | gone wrong | of them in a row | spent |
/// |---|---|---|---|
/// | 199 | 19 | 19 | no |
/// | 200 | 4 | 1 | no |
/// | 200 | 5 | 1 | yes |
/// | 20 | 20 | 20 | yes |
public struct FailureBudget: Sendable {
    /// What a settled row is to the budget.
    public enum Result: Sendable {
        case went, failed
        /// Counted as settled; it neither fails nor ends a row of failures.
        case neither
    }

    public let limit: FailureLimit?
    public private(set) var settled = 0
    public private(set) var failed = 0
    public private(set) var inARow = 0

    public init(_ limit: FailureLimit?) { self.limit = limit }

    public mutating func note(_ result: Result) {
        settled += 1
        switch result {
        case .went: inARow = 0
        case .neither: break
        case .failed:
            failed += 1
            inARow += 1
        }
    }

    public var isSpent: Bool {
        guard let limit else { return false }
        if let consecutive = limit.consecutive, inARow >= consecutive { return true }
        guard let share = limit.partsPerMillion, settled >= limit.after else { return false }
        return failed * 1_000_000 > settled * share
    }
}

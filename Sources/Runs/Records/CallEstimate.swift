package import Instructions

/// How many calls rows without an outcome will take, by what others of their run took.
///
/// A row that a read settles takes that one call, any other a read and a change; repetitions and tokens are not reckoned
/// with. The first rows say little: they weigh as if ten before them had taken two calls each.
package struct CallEstimate: Sendable {
    private static let presumed = 10
    private let readOnly: Int
    private let others: Int

    /// - Parameters:
    ///   - readOnly: rows that a read settled, or would.
    ///   - others: rows that took, or would take, a change as well.
    package init(readOnly: Int, others: Int) {
        self.readOnly = readOnly
        self.others = others
    }

    package init(settled: [Outcome: Int]) {
        let readOnly = settled[.alreadyApplied, default: 0] + settled[.rejected, default: 0]
        self.init(readOnly: readOnly, others: settled.values.reduce(0, +) - readOnly)
    }

    /// What the rows took that this was made from.
    package func taken(_ preflight: RunRules.Preflight) -> Int {
        preflight == .never ? readOnly + others : readOnly + 2 * others
    }

    /// What so many further rows will take, rounded up.
    package func calls(rows: Int, _ preflight: RunRules.Preflight) -> Int {
        if preflight == .never { return rows }
        let all = readOnly + others + Self.presumed
        return rows + (rows * (others + Self.presumed) + all - 1) / all
    }
}

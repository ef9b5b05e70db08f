package import Instructions

/// What the maker of a file says that it holds (contract, section 3).
package struct ControlTotals: Hashable, Sendable {
    /// Rows of one action and currency whose amount is in figures.
    package struct Sum: Hashable, Sendable {
        package let action: Action
        package let currency: Currency
        /// nil when only the sum is known.
        package let rows: Int?
        package let minorUnits: Int64

        package init(action: Action, currency: Currency, rows: Int?, minorUnits: Int64) {
            self.action = action
            self.currency = currency
            self.rows = rows
            self.minorUnits = minorUnits
        }
    }

    /// Rows that are not blank.
    package var rows: Int?
    package var sums: [Sum]
    /// Whether an amount of an action and currency that `sums` does not name is a difference too.
    package var listsEverySum: Bool

    package init(rows: Int?, sums: [Sum], listsEverySum: Bool) {
        self.rows = rows
        self.sums = sums
        self.listsEverySum = listsEverySum
    }
}

extension ControlTotals.Sum {
    /// Reads `capture:EUR=123.45`, as `--expect-sum` takes it; nil when it is not written so.
    package init?(option text: String) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        let names = sides[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard names.count == 2, let action = Action(rawValue: names[0].lowercased()),
            let currency = Currency(code: names[1].uppercased()),
            let sum = try? Money(majorText: String(sides[1]), currency: currency)
        else { return nil }
        self.init(action: action, currency: currency, rows: nil, minorUnits: sum.minorUnits)
    }
}

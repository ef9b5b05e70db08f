package import Instructions

/// What pass 1 found out about a file.
package struct CheckResult: Sendable {
    /// Rows that are not blank, faulty ones included.
    package let rows: Int
    /// Rows that have an error.
    package let badRows: Int
    /// The names of the header as the file writes them; empty when it cannot be read.
    package let columns: [String]
    /// In the order of the file: the first ones, at most `FileCheck.problemLimit`.
    package let problems: [Problem]
    /// All of them.
    package let log: ProblemLog
    /// Whether the file must not be kept: its snapshot is deleted and no row of it is written anywhere.
    package let holdsCardNumbers: Bool
    package let errorCount: Int
    package let warningCount: Int
    /// Over the rows whose action and amount can be read, by action, then by currency, the rows without an
    /// amount in figures last.
    package let sums: [ActionSum]
    /// Whether every row that will run cancels a whole intent, as `preflight: never` needs.
    package let allWholeCancels: Bool
    /// Whether nothing of the file may be sent. With `on-invalid: skip` a file with bad rows may run.
    package let isRefused: Bool

    /// Problems that were counted and are not in `problems`.
    package var unlistedCount: Int { errorCount + warningCount - problems.count }
}

/// Rows of one action and currency.
package struct ActionSum: Hashable, Sendable {
    package let action: Action
    /// nil for the rows that ask for the whole, whose amount only the gateway knows.
    package let currency: Currency?
    package let rows: Int
    /// Minor units; 0 without a currency, nil when the sum leaves 64 bits.
    package let minorUnits: Int64?
}

/// Adds up rows by action and currency.
struct ActionSums {
    private struct Sum {
        let action: Action
        let currency: Currency?
        var rows = 0
        /// 128 bits hold any number of 64-bit amounts that a file can have.
        var minorUnits: Int128 = 0
    }

    /// A file has few, so that looking through them is faster than a dictionary.
    private var sums: [Sum] = []

    mutating func add(_ action: Action, _ requested: RequestedAmount) {
        var amount: Money?
        if case .exactly(let money) = requested { amount = money }
        let currency = amount?.currency
        var index = 0
        while index < sums.count, sums[index].action != action || sums[index].currency != currency {
            index += 1
        }
        if index == sums.count { sums.append(Sum(action: action, currency: currency)) }
        sums[index].rows += 1
        if let amount { sums[index].minorUnits += Int128(amount.minorUnits) }
    }

    func sorted() -> [ActionSum] {
        let all = sums.map { sum in
            ActionSum(
                action: sum.action, currency: sum.currency, rows: sum.rows,
                minorUnits: Int64(exactly: sum.minorUnits))
        }
        return all.sorted { left, right in
            // No code sorts after `~`.
            let one = (left.action.rawValue, left.currency?.code ?? "~")
            return one < (right.action.rawValue, right.currency?.code ?? "~")
        }
    }
}

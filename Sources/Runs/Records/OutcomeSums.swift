package import Instructions

/// Adds settlements up by action, currency and outcome.
package struct OutcomeSums: Sendable {
    /// A sum of that currency does not fit 64-bit minor units.
    package struct Overflow: Error {
        package let currency: Currency?
    }

    private struct Key: Hashable {
        let action: Action?
        let currency: Currency?
        let outcome: Outcome
    }

    private var sums: [Key: OutcomeSum] = [:]

    package init(_ sums: [OutcomeSum] = []) {
        for sum in sums {
            self.sums[Key(action: sum.action, currency: sum.currency, outcome: sum.outcome)] = sum
        }
    }

    /// Counts a settlement.
    package mutating func put(_ settlement: Settlement) throws(Overflow) { try add(settlement, times: 1) }

    /// Takes a settlement out again that another one replaces.
    package mutating func take(_ settlement: Settlement) throws(Overflow) { try add(settlement, times: -1) }

    private mutating func add(_ settlement: Settlement, times: Int) throws(Overflow) {
        let currency = (settlement.asked ?? settlement.applied)?.currency
        let key = Key(action: settlement.action, currency: currency, outcome: settlement.outcome)
        let sum = sums[key]
        func total(_ before: Int64?, _ amount: Money?) throws(Overflow) -> Int64 {
            let (total, overflow) = (before ?? 0).addingReportingOverflow(
                Int64(times) * (amount?.minorUnits ?? 0))
            guard !overflow else { throw Overflow(currency: currency) }
            return total
        }
        sums[key] = OutcomeSum(
            action: key.action, currency: currency, outcome: key.outcome, rows: (sum?.rows ?? 0) + times,
            asked: try total(sum?.asked, settlement.asked),
            applied: try total(sum?.applied, settlement.applied))
    }

    /// By action, currency and outcome; groups whose rows were all taken out are gone.
    package var sorted: [OutcomeSum] {
        sums.values.filter { $0.rows != 0 }.sorted {
            Self.order($0).lexicographicallyPrecedes(Self.order($1))
        }
    }

    private static func order(_ sum: OutcomeSum) -> [String] {
        [sum.action?.rawValue ?? "", sum.currency?.code ?? "", sum.outcome.rawValue]
    }
}

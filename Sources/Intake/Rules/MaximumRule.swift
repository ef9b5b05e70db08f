import Instructions

/// The job's `max: { rows, sum }`, as far as the file itself tells.
struct MaximumRule: FileRule {
    let maximum: FileMaximum

    func faults(in tally: FileTally) -> [RuleFault] {
        var faults: [RuleFault] = []
        if let rows = maximum.rows, tally.rows > rows {
            faults.append(.tooManyRows(rows: tally.rows, maximum: rows))
        }
        for bound in maximum.sums {
            let sums = tally.sums.filter { $0.currency == bound.currency }
            // A sum of one action that is beyond 64 bits is beyond every bound.
            let total = sums.reduce(Money?(.zero(bound.currency))) { total, sum in
                sum.minorUnits.flatMap { try? total?.adding(Money(minorUnits: $0, currency: bound.currency)) }
            }
            if let total, total.minorUnits <= bound.minorUnits { continue }
            faults.append(.sumBeyondMaximum(found: total, maximum: bound))
        }
        return faults
    }
}

import Instructions

/// Compares a file with its control totals (contract, section 3): any difference refuses it.
struct TotalsRule: FileRule {
    let totals: ControlTotals

    func faults(in tally: FileTally) -> [RuleFault] {
        var faults: [RuleFault] = []
        if let rows = totals.rows, rows != tally.rows {
            faults.append(.rowsDiffer(expected: rows, found: tally.rows))
        }
        let inFigures = tally.sums.filter { $0.currency != nil }
        for expected in totals.sums {
            let found = inFigures.first { $0.action == expected.action && $0.currency == expected.currency }
            let sameRows = expected.rows.map { $0 == found?.rows ?? 0 } ?? true
            let minorUnits = found.map(\.minorUnits) ?? 0
            guard minorUnits != expected.minorUnits || !sameRows else { continue }
            faults.append(
                .sumDiffers(
                    action: expected.action, currency: expected.currency,
                    expected: .init(rows: expected.rows, minorUnits: expected.minorUnits),
                    found: .init(rows: found?.rows ?? 0, minorUnits: minorUnits)))
        }
        guard totals.listsEverySum else { return faults }
        for found in inFigures {
            let isListed = totals.sums.contains {
                $0.action == found.action && $0.currency == found.currency
            }
            guard !isListed, let currency = found.currency else { continue }
            faults.append(
                .sumDiffers(
                    action: found.action, currency: currency, expected: nil,
                    found: .init(rows: found.rows, minorUnits: found.minorUnits)))
        }
        return faults
    }
}

import Instructions

/// The store adds up what the rows ask for in 64 bits; a run whose sum is beyond that could never end.
struct SumSizeRule: FileRule {
    func faults(in tally: FileTally) -> [RuleFault] {
        tally.sums.filter { $0.minorUnits == nil }
            .map { .sumTooLarge(action: $0.action, currency: $0.currency?.code ?? "") }
    }
}

import Instructions

/// What happened in a batch of seeds, for the reader to see that it did.
struct Counts {
    var seeds = 0
    var rows = 0
    var changes = 0
    var reads = 0
    var effects = 0
    var executions = 0
    var steps = 0
    var faults = [Int](repeating: 0, count: FaultKind.allCases.count)
    var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
    /// Rows that met lost requests or answers and nothing else, with attempts and budget left: at a keyed gateway with
    /// a young key, at a keyless one for the whole intent. None of them may be unconfirmed.
    var lostOnly = 0
    var lostOnlyUnconfirmed = 0
    var exclusions = [Int](repeating: 0, count: Exclusion.allCases.count)

    static func += (left: inout Counts, right: Counts) {
        left.seeds += right.seeds
        left.rows += right.rows
        left.changes += right.changes
        left.reads += right.reads
        left.effects += right.effects
        left.executions += right.executions
        left.steps += right.steps
        left.lostOnly += right.lostOnly
        left.lostOnlyUnconfirmed += right.lostOnlyUnconfirmed
        for index in left.faults.indices { left.faults[index] += right.faults[index] }
        for index in left.outcomes.indices { left.outcomes[index] += right.outcomes[index] }
        for index in left.exclusions.indices { left.exclusions[index] += right.exclusions[index] }
    }

    /// All of it in one line; kinds that never happened are left out.
    func line(taken: Duration) -> String {
        let perSecond = Double(seeds) / max(0.001, taken / .seconds(1))
        let outcomes = list(Outcome.allCases.map(\.rawValue), outcomes)
        let faults = list(FaultKind.allCases.map(\.rawValue), faults)
        let excluded = list(Exclusion.allCases.map(\.rawValue), exclusions)
        return """
            \(seeds) seeds, \(Int(perSecond)) a second: \(rows) rows, \(changes) money-changing calls, \
            \(reads) other calls, \(effects) effects, \(executions) executions | \(outcomes) | \
            with lost requests and answers alone: \(lostOnly) rows, \(lostOnlyUnconfirmed) unconfirmed | \
            faults: \(faults) | excluded: \(excluded)
            """
    }

    private func list(_ names: [String], _ counts: [Int]) -> String {
        let parts = zip(names, counts).filter { $1 > 0 }.map { "\($0) \($1)" }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
}

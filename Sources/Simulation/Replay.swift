import Instructions
import Runs

/// One seed with its events.
enum Replay {
    /// Shows the newest events. True when nothing was violated.
    static func run(seed: UInt64, eventsShown: Int = 300) -> Bool {
        let trace = Trace(limit: eventsShown)
        let scenario = Scenario(seed: seed)
        let world = World(scenario, trace: trace)
        describe(scenario)
        do throws(Violation) {
            try world.live()
        } catch {
            for line in trace.last { print("  \(line)") }
            print("seed \(seed) violates \"\(error.invariant.rawValue)\": \(error.message)")
            print("replay it with: make sim SEED=\(seed)")
            return false
        }
        for line in trace.last { print("  \(line)") }
        print("seed \(seed) holds: \(world.counts.steps) steps")
        return true
    }

    private static func describe(_ scenario: Scenario) {
        print("seed \(scenario.seed): \(scenario.kind) gateway, \(scenario.intents.count) intents")
        for run in scenario.runs {
            let rules = run.rules
            print(
                "  \(run.name): concurrency \(run.concurrency), attempts \(rules.attempts), "
                    + "preflight \(rules.preflight.rawValue)")
            for row in run.instructions {
                let lines = row.lineItems.map { "\($0.id)=\($0.minorUnits)" }.joined(separator: ";")
                print("    row \(row.row): \(row.action) \(row.intentID) \(row.requested) \(lines)")
            }
        }
        let faults = FaultKind.allCases.filter { scenario.faults[$0] > 0 }
            .map { "\($0.rawValue) \(scenario.faults[$0])‰" }
        print("  faults: \(faults.joined(separator: ", ")), at most \(scenario.faultsAtMost)")
    }
}

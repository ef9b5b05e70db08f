import Testing

@testable import Simulation

@Suite("Seeds")
struct SeedTests {
    @Test("a seed gives the same run every time, so that a failure can be replayed")
    func repeatable() throws {
        for seed in UInt64(1)...20 {
            let traces = try (1...2).map { _ in
                let trace = Trace(limit: 10_000)
                try World(Scenario(seed: seed), trace: trace).live()
                return trace.last
            }
            #expect(!traces[0].isEmpty)
            #expect(traces[0] == traces[1], "seed \(seed)")
        }
    }

    @Test("seeds play every kind of fault, and rows end in every way")
    func varied() throws {
        var counts = Counts()
        for seed in UInt64(1)...1500 {
            let world = World(Scenario(seed: seed))
            try world.live()
            counts += world.counts
        }
        for kind in FaultKind.allCases { #expect(counts.faults[kind.index] > 0, "\(kind.rawValue)") }
        #expect(!counts.outcomes.contains(0))
        #expect(counts.effects > 1500)
    }
}

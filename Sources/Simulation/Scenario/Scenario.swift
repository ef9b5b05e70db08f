import Instructions
import Pacing
import Runs

/// One run as it is planned.
struct RunPlan {
    let name: String
    let keyBase: String
    let instructions: [Instruction]
    let rules: RunRules
    /// After the scenario's start.
    let startsAfter: Duration
    let concurrency: Int
    /// How long one execution may last; nil for any time.
    let deadline: Duration?
}

/// Another host that ran a row before us, under the same key.
struct EarlierHost {
    let run: Int
    let row: Int
    let ago: Duration
}

/// Everything that a seed decides before the first event: one gateway, one or two runs of one account on it, and
/// which faults are played at which rates.
struct Scenario {
    /// How late a lost request may still arrive (contract, `late-bound`).
    static let lateBound: Duration = .seconds(3600)

    let seed: UInt64
    let kind: GatewayKind
    let intents: [SimulatedIntent]
    let runs: [RunPlan]
    let faults: FaultRates
    /// Faults that may happen at most, and until when, after the start.
    let faultsAtMost: Int
    let faultsEndAfter: Duration
    /// How long one answer is awaited.
    let timeout: Duration
    /// Milliseconds one way.
    let latency: ClosedRange<Int>
    /// Milliseconds of a transaction with its sync.
    let commit: ClosedRange<Int>
    /// Milliseconds that a lease takes, and that it is open.
    let lease: ClosedRange<Int>
    let slot: Int
    let earlierHosts: [EarlierHost]

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let kind: GatewayKind = random.chance(perMille: 500) ? .keyless : .keyed
        var maker = RowMaker(kind: kind)
        // Long and full of lost requests: what is repeated is bounded for the whole run.
        let isRough = random.chance(perMille: 30)
        let intents = (1...(isRough ? 10 : random.draw(1...4))).map { maker.intent($0, using: &random) }
        let runs = random.chance(perMille: 300) ? 2 : 1
        self.seed = seed
        self.kind = kind
        self.intents = intents
        self.runs = (0..<runs).map { Self.plan($0, kind, intents, &maker, &random) }
        faults = Self.faults(isRough: isRough, &random)
        faultsAtMost = isRough ? 200 : random.pick([0, 1, 2, 3, 5, 10, 30])
        faultsEndAfter = .seconds(isRough ? 3 * 3600 : random.pick([60, 600, 3600, 3 * 3600]))
        timeout = .seconds(random.pick([5, 30, 30, 60]))
        latency = random.pick([1...5, 5...200, 20...2000])
        commit = random.pick([0...0, 1...3, 1...60])
        lease = random.pick([0...0, 0...5, 0...1000])
        slot = random.pick([20, 20, 75_000])
        var hosts: [EarlierHost] = []
        if kind == .keyed, faults[.earlierHost] > 0 {
            for run in self.runs.indices {
                for row in self.runs[run].instructions.indices
                where random.chance(perMille: faults[.earlierHost]) {
                    hosts.append(
                        EarlierHost(
                            run: run, row: row + 1, ago: .seconds(random.pick([60, 1000, 18 * 3600]))))
                }
            }
        }
        earlierHosts = hosts
    }

    private static func plan(
        _ number: Int, _ kind: GatewayKind, _ intents: [SimulatedIntent], _ maker: inout RowMaker,
        _ random: inout SplitMix64
    ) -> RunPlan {
        let onlyWholeCancels = random.chance(perMille: 120)
        let instructions = maker.instructions(
            random.draw(1...max(8, intents.count + 4)), on: intents, onlyWholeCancels: onlyWholeCancels,
            using: &random)
        var rules = RunRules(attempts: random.pick([2, 3, 6, 6]))
        if onlyWholeCancels, random.chance(perMille: 700) { rules.preflight = .never }
        rules.retryBudgetPartsPerMillion = random.pick([0, 100_000])
        if random.chance(perMille: 200) {
            rules.stopWhen = FailureLimit(
                partsPerMillion: random.pick([nil, 300_000]), after: 3, consecutive: random.pick([nil, 2]))
        }
        rules.outageWaitMilliseconds = random.pick([60_000, 3_600_000])
        rules.drainMilliseconds = random.pick([0, 10_000])
        if kind == .keyed, random.chance(perMille: 100) { rules.keyLifetimeMilliseconds = 2 * 3_600_000 }
        return RunPlan(
            name: "run\(number + 1)", keyBase: "key\(number + 1)",
            instructions: instructions, rules: rules,
            startsAfter: number == 0 ? .zero : random.milliseconds(0...60_000),
            concurrency: random.pick([1, 2, 8, 16]),
            deadline: random.pick([nil, nil, nil, .seconds(300), .seconds(1800)]))
    }

    /// Kinds that hurt most together.
    private static let themes: [[FaultKind]] = [
        [.errorThenEffect, .answerLost], [.errorThenEffect, .crash, .requestDoubled],
        [.longLease, .requestLost, .clockBack], [.longLease, .answerLost, .throttled],
        [.otherActor, .effectThenError], [.otherActor, .answerLost, .storedFailed],
        [.slow, .requestLate, .longDowntime, .crash], [.keyBurnt, .unauthorized, .throttled, .answerLost],
        [.pending, .answerLost, .readFailed], [.whim, .requestLost, .serverError],
        [.effectThenError, .serverError, .crash], [.requestLost], [.answerLost],
    ]

    /// A handful of kinds, so that each seed tries another mixture.
    private static func faults(isRough: Bool, _ random: inout SplitMix64) -> FaultRates {
        var rates = FaultRates()
        if isRough {
            rates[.requestLost] = 700
            return rates
        }
        if random.chance(perMille: 400) {
            for kind in random.pick(themes) { rates[kind] = random.pick([100, 300, 600]) }
            if rates[.crash] > 0 { rates[.crash] = random.pick([10, 30]) }
            return rates
        }
        for _ in 0..<random.draw(0...7) {
            rates[random.pick(FaultKind.allCases)] = random.pick([10, 50, 200, 500])
        }
        // The two that everything else is about are in most of them.
        if random.chance(perMille: 400) { rates[.answerLost] = random.pick([50, 200]) }
        if random.chance(perMille: 400) { rates[.crash] = random.pick([10, 50]) }
        return rates
    }
}

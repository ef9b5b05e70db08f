import Instructions
import Pacing
import Runs

/// One seed's world: time, the gateway, the disk, the network between them, and the processes of the runs. It
/// replaces the driver; the machines and the batchers in it are the real ones.
final class World {
    static let start: Duration = .seconds(1000)
    /// Wall clock less monotonic clock at the start; the gateway's own clock keeps it.
    static let wallOffset: Duration = .seconds(1_800_000_000)
    /// How long a run may go on after the last fault: far beyond a slow call, a pending intent, a pause of 15 min
    /// and an hour of a key in progress, one after the other.
    static let patience: Duration = .seconds(12 * 3600)
    static let stepsAtMost = 2_000_000

    let scenario: Scenario
    var random: SplitMix64
    var now = World.start
    var ourWallOffset = World.wallOffset
    var queue = EventQueue()
    var gateway: SimulatedGateway
    var store: SimulatedStore
    var processes: [Process]
    var judge: Judge
    var counts = Counts()
    var trace: Trace?

    var faultsLeft: Int
    var lastFaultAt = World.start
    var stormUntil: Duration = .zero
    var storm = Storm.errors
    var credentialsRefused = false
    /// So that small steps of the clock together stay below the margin of a key's age.
    var smallStepsBack = 0

    enum Storm: CaseIterable {
        case errors, throttles, refusedConnections
    }

    init(_ scenario: Scenario, trace: Trace? = nil) {
        self.scenario = scenario
        self.trace = trace
        random = SplitMix64(seed: scenario.seed ^ 0x5EED)
        gateway = SimulatedGateway(kind: scenario.kind, intents: scenario.intents)
        store = SimulatedStore(scenario.runs.map { ($0.name, $0.instructions) })
        processes = scenario.runs.map { _ in Process() }
        judge = Judge(scenario)
        faultsLeft = scenario.faultsAtMost
    }

    /// Lives through the seed. Throws what was violated.
    func live() throws(Violation) {
        playEarlierHosts()
        for (index, run) in scenario.runs.enumerated() {
            counts.rows += run.instructions.count
            queue.plan(.starts(run: index), at: now + run.startsAfter)
        }
        planSideEvents()
        while let next = queue.next() {
            now = next.at
            counts.steps += 1
            guard counts.steps < Self.stepsAtMost, now <= lastFaultAt + Self.patience else {
                throw Violation(
                    .ends, "no end after \(counts.steps) steps, \(now - lastFaultAt) after the last fault")
            }
            try handle(next.what)
            crashSomewhere()
            if let failure = judge.failure { throw failure }
        }
        guard processes.allSatisfy(\.isOver) else {
            throw Violation(.ends, "nothing is planned any more, and a run is not finished")
        }
        try judge.checkEnd(store: store, gateway: gateway, counts: &counts)
        counts.seeds = 1
        counts.effects = gateway.ledger.count { $0.cause != nil }
    }

    var moment: Moment {
        Moment(monotonic: now, wall: WallTime(milliseconds: (now + ourWallOffset).wholeMilliseconds))
    }

    /// The gateway's own clock.
    var gatewayWall: WallTime {
        WallTime(milliseconds: (now + Self.wallOffset).wholeMilliseconds)
    }

    private func handle(_ what: Happening) throws(Violation) {
        switch what {
        case .starts(let run): try start(run)
        case .resolves(let run): try start(run, resolving: true)
        case .machineEvent(let run, let execution, let event):
            guard isAlive(run, execution) else { return }
            try tell(run, event)
        case .commitLands(let run, let execution):
            guard isAlive(run, execution) else { return }
            try commitLands(run)
        case .arrives(let wire): arrives(wire)
        case .processed(let wire): processed(wire)
        case .answers(let wire, let answer): try answers(wire, answer)
        case .givesUp(let wire): try answers(wire, Answer(.ambiguous, message: "no answer"))
        case .lateEffect(let wire): lateEffect(wire)
        case .pendingEnds(let wire, let before): pendingEnds(wire, before: before)
        case .otherActorMoves: otherActorMoves()
        case .clockSteps(let step): ourWallOffset += step
        case .stops(let run, let execution):
            guard isAlive(run, execution) else { return }
            note("signal")
            try tell(run, .stop(Stop(.signal)))
        case .credentialsReturn: credentialsRefused = false
        }
    }

    func isAlive(_ run: Int, _ execution: Int) -> Bool {
        processes[run].machine != nil && processes[run].execution == execution
    }

    // MARK: Faults

    /// Draws whether the fault happens now, and counts it.
    func happens(_ kind: FaultKind, on intentID: String? = nil) -> Bool {
        let rate = scenario.faults[kind]
        guard rate > 0, faultsLeft > 0, now < Self.start + scenario.faultsEndAfter,
            random.chance(perMille: rate)
        else { return false }
        faultsLeft -= 1
        count(kind, on: intentID)
        return true
    }

    func count(_ kind: FaultKind, on intentID: String? = nil) {
        lastFaultAt = max(lastFaultAt, now)
        counts.faults[kind.index] += 1
        judge.note(kind, on: intentID)
        note("fault: \(kind.rawValue)\(intentID.map { " on \($0)" } ?? "")")
    }

    func note(_ text: @autoclosure () -> String) {
        trace?.add(at: now, text())
    }
}

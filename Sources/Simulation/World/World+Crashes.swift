import Instructions
import Pacing
import Runs

/// What happens at our side, and what others do meanwhile.
extension World {
    func planSideEvents() {
        let span = Int(min(scenario.faultsEndAfter, .seconds(3600)).wholeMilliseconds)
        if scenario.faults[.otherActor] > 0 {
            for _ in 0..<random.draw(1...4) {
                queue.plan(
                    .otherActorMoves, at: now + random.milliseconds(0...random.pick([300, 60_000, span])))
            }
        }
        for kind in [FaultKind.clockBack, .clockForward] where scenario.faults[kind] > 0 {
            for _ in 0..<random.draw(1...2) {
                queue.plan(
                    .clockSteps(clockStep(kind)),
                    at: now + random.milliseconds(0...random.pick([60_000, span])))
                count(kind)
            }
        }
    }

    /// Back by less than the margin of a key's age, in all, or so far that the store is ahead of it: what lies
    /// between can't be noticed by anybody. Forward by anything.
    private func clockStep(_ kind: FaultKind) -> Duration {
        guard kind == .clockBack else { return .seconds(random.pick([60, 600, 3600, 30 * 3600])) }
        if smallStepsBack < 2, random.chance(perMille: 500) {
            smallStepsBack += 1
            return .zero - .seconds(random.pick([1, 60, 1200]))
        }
        return .zero - .seconds(10 * 24 * 3600)
    }

    func planStop(_ run: Int) {
        guard happens(.stop) else { return }
        queue.plan(
            .stops(run: run, execution: processes[run].execution),
            at: now + random.milliseconds(0...random.pick([100, 2000, 60_000])))
    }

    // MARK: Crashes

    /// After any event any process may die.
    func crashSomewhere() {
        guard scenario.faults[.crash] > 0 || scenario.faults[.crashInCommit] > 0 else { return }
        for run in processes.indices where processes[run].machine != nil {
            if crashes(run) { continue }
            if processes[run].committing != nil, happens(.crashInCommit) { crash(run) }
        }
    }

    func crashes(_ run: Int) -> Bool {
        guard scenario.faults[.crash] > 0, processes[run].machine != nil, happens(.crash) else {
            return false
        }
        crash(run)
        return true
    }

    /// A transaction on its way is on the disk as a whole or not at all; nobody hears of it either way.
    private func crash(_ run: Int) {
        let committing = processes[run].committing
        processes[run].die()
        store.runs[run].isExecuting = false
        var landed = false
        if let committing, random.chance(perMille: 500) {
            landed = true
            do {
                _ = try write(committing, run)
            } catch {
                judge.failure = judge.failure ?? error
            }
        }
        note("\(scenario.runs[run].name): killed\(landed ? ", its last transaction is on the disk" : "")")
        var downtime = random.milliseconds(random.pick([0...10, 0...60_000, 0...1_800_000]))
        if happens(.longDowntime) { downtime = .seconds(random.pick([2, 24, 30, 60]) * 3600) }
        lastFaultAt = max(lastFaultAt, now + downtime)
        if processes[run].isResolving { return }
        if happens(.abandon) {
            store.abandon(run, at: moment.wall)
            note("\(scenario.runs[run].name): abandoned")
            end(run)
            return
        }
        queue.plan(.starts(run: run), at: now + downtime)
    }

    // MARK: Others

    func otherActorMoves() {
        let id = random.pick(scenario.intents).id
        guard let intent = gateway.intents[id] else { return }
        let wish = otherWish(on: intent)
        guard gateway.apply(wish, to: id, cause: nil, now: now) != nil else { return }
        count(.otherActor, on: id)
    }

    private func otherWish(on intent: SimulatedIntent) -> Wish {
        let action: Action = random.pick([.cancel, .capture])
        var amount: Int64?
        var lines: [LineAmount] = []
        if random.chance(perMille: 600) {
            amount = 1000
            if scenario.kind == .keyed { lines = [LineAmount(id: "li1", minorUnits: 1000)] }
            if scenario.kind == .keyless, action == .cancel { amount = nil }
        }
        return Wish(
            action: action, amount: amount, lines: lines, reason: random.pick([nil, "stale", "other"]))
    }

    /// Rows that another host did before with our keys: their effects are in the ledger, their answers are kept.
    func playEarlierHosts() {
        for host in scenario.earlierHosts {
            let plan = scenario.runs[host.run]
            let instruction = plan.instructions[host.row - 1]
            let intent = gateway.intents[instruction.intentID]
            var amount: Int64?
            if case .exactly(let money) = instruction.requested, money.minorUnits != intent?.amount {
                amount = money.minorUnits
            }
            let wish = Wish(
                action: instruction.action, amount: amount,
                lines: amount == nil ? [] : instruction.lineItems, reason: nil)
            let key = "\(plan.keyBase)-\(host.row)-1"
            let cause = Cause(run: host.run, row: host.row, attempt: 0, key: key)
            let path = "\(instruction.intentID)/\(instruction.action.rawValue)"
            let then = now - host.ago
            guard
                let shown = gateway.apply(wish, to: instruction.intentID, cause: cause, now: then),
                gateway.reserve(key, path: path, now: then)
            else { continue }
            gateway.keep(
                Answer(.intent(shown), httpStatus: 200), under: key,
                date: WallTime(milliseconds: (then + Self.wallOffset).wholeMilliseconds))
            count(.earlierHost, on: instruction.intentID)
        }
    }
}

import Instructions
import Pacing
import Runs

/// The driver's part: does what the machine says, on virtual time.
extension World {
    func start(_ run: Int, resolving: Bool = false) throws(Violation) {
        let plan = scenario.runs[run]
        processes[run].die()
        processes[run].execution += 1
        processes[run].isResolving = resolving
        counts.executions += 1
        note("\(plan.name): execution \(processes[run].execution) starts\(resolving ? ", resolving" : "")")
        store.runs[run].isExecuting = true
        judge.started(run, store: store, now: moment, offset: ourWallOffset)
        processes[run].machine = RunMachine(
            purpose: resolving ? .resolve(lateBound: Scenario.lateBound) : .execute,
            profile: scenario.kind.profile, rules: plan.rules,
            settings: .init(
                concurrency: plan.concurrency, timeout: scenario.timeout,
                drain: .milliseconds(plan.rules.drainMilliseconds), deadline: plan.deadline,
                capacity: random.pick([2, 4, 2048])),
            keyBase: plan.keyBase, seed: random.next(), past: store.past(run),
            request: SimulatedRequest.make)
        planStop(run)
        let effects = processes[run].machine?.start(now: moment) ?? []
        try perform(effects, run)
    }

    func tell(_ run: Int, _ event: RunMachine.Event) throws(Violation) {
        let effects = processes[run].machine?.handle(event, now: moment) ?? []
        try perform(effects, run)
        commitGathered(run)
    }

    /// A crash may come between any two of them.
    private func perform(_ effects: [RunMachine.Effect], _ run: Int) throws(Violation) {
        let execution = processes[run].execution
        for (index, effect) in effects.enumerated() {
            if index > 0, crashes(run) { return }
            switch effect {
            case .loadStarted:
                let rows = processes[run].isResolving ? [] : store.started(run)
                later(run, 0...2, .startedRows(rows))
            case .loadWaiting(let cursor, let limit):
                later(run, 0...2, .waitingRows(waiting(run, after: cursor, limit: limit)))
            case .lease(let calls):
                lease(calls, run)
            case .giveBack:
                // Leases come from nowhere here: nothing is counted.
                break
            case .pause(let until):
                processes[run].pausedUntil = max(processes[run].pausedUntil, until)
            case .commit(let unit):
                processes[run].batcher.add(unit)
            case .send(let call, let request, _, _):
                if happens(.missedLease, on: request.call.intentID) {
                    later(run, 0...50, .missed(call: call))
                } else {
                    try send(call, request, run)
                }
            case .wake(let time):
                queue.plan(.machineEvent(run: run, execution: execution, .clock), at: max(now, time))
            case .report(let event):
                note("\(scenario.runs[run].name): \(event)")
            case .finish(let stop):
                try finish(run, stop)
            }
        }
    }

    func later(_ run: Int, _ milliseconds: ClosedRange<Int>, _ event: RunMachine.Event) {
        queue.plan(
            .machineEvent(run: run, execution: processes[run].execution, event),
            at: now + random.milliseconds(milliseconds))
    }

    private func lease(_ calls: Int, _ run: Int) {
        var at = max(now, processes[run].pausedUntil) + random.milliseconds(scenario.lease)
        if happens(.longLease) { at += .seconds(random.draw(30...5 * 3600)) }
        let lease = CallLease(calls: random.draw(1...calls), closes: at + .milliseconds(scenario.slot))
        queue.plan(
            .machineEvent(run: run, execution: processes[run].execution, .leased(lease)), at: at)
    }

    // MARK: Commits

    private func commitGathered(_ run: Int) {
        guard processes[run].machine != nil, let batch = processes[run].batcher.next() else { return }
        processes[run].committing = batch
        queue.plan(
            .commitLands(run: run, execution: processes[run].execution),
            at: now + random.milliseconds(scenario.commit))
    }

    func commitLands(_ run: Int) throws(Violation) {
        guard let batch = processes[run].committing else { return }
        processes[run].committing = nil
        let results = try write(batch, run)
        processes[run].batcher.finished()
        let execution = processes[run].execution
        for (unit, result) in zip(batch, results) {
            guard isAlive(run, execution), !crashes(run) else { return }
            try tell(run, .committed(unit: unit.id, result))
        }
    }

    /// Puts units on the disk, judged before and after.
    func write(_ units: [WriteUnit], _ run: Int) throws(Violation) -> [UnitResult] {
        let results =
            processes[run].isResolving
            ? try store.resolve(units, of: run) : try store.commit(units, to: run)
        for (unit, result) in zip(units, results) {
            note("\(scenario.runs[run].name): \(describe(unit, result))")
            guard case .committed = result else { continue }
            if processes[run].isResolving {
                try judge.resolved(unit, run, now: moment)
                continue
            }
            try judge.committed(unit, run, store: store, now: moment, offset: ourWallOffset)
        }
        return results
    }

    private func describe(_ unit: WriteUnit, _ result: UnitResult) -> String {
        var words = unit.writes.map { write in
            switch write {
            case .open(let it): "open \(it.row)#\(it.number) \(it.key)"
            case .close(let it): "close \(it.row)#\(it.number) \(it.answer)"
            case .settle(let it): "settle \(it.row) \(it.outcome) \(it.howKnown) \(it.code ?? "")"
            }
        }
        if case .intentTaken(let other, let row, let executing) = result {
            words.append("refused: taken by \(other) row \(row), executing \(executing)")
        }
        return "commit " + words.joined(separator: ", ")
    }

    // MARK: The end of an execution

    private func finish(_ run: Int, _ stop: Stop?) throws(Violation) {
        note("\(scenario.runs[run].name): ends \(stop.map { "\($0.reason)" } ?? "finished")")
        processes[run].die()
        store.runs[run].isExecuting = false
        if processes[run].isResolving { return }
        guard stop == nil else {
            // Somebody resumes it.
            queue.plan(.starts(run: run), at: now + random.milliseconds(1000...900_000))
            return
        }
        guard store.runs[run].isSettled else {
            throw Violation(.nothingLost, "\(scenario.runs[run].name) is finished, and a row has no outcome")
        }
        end(run)
    }

    /// The run is finished or abandoned; what stayed unconfirmed is resolved, now or later, or never.
    func end(_ run: Int) {
        processes[run].isOver = true
        guard store.runs[run].rows.contains(where: { $0.settlement?.outcome == .unconfirmed }) else { return }
        for _ in 0..<random.draw(0...2) {
            queue.plan(
                .resolves(run: run), at: now + .seconds(random.draw(1...random.pick([60, 4000, 3 * 3600]))))
        }
    }

    private func waiting(_ run: Int, after cursor: LoadCursor?, limit: Int) -> [PendingRow] {
        processes[run].isResolving
            ? store.unconfirmed(run, after: cursor, limit: limit)
            : store.waiting(run, after: cursor, limit: limit)
    }
}

import Instructions
import Pacing

/// What follows from a commit, and from one that the store refused.
extension RunMachine {
    mutating func committed(_ unit: Int, _ result: UnitResult, now: Moment) {
        guard let purpose = units.removeValue(forKey: unit) else {
            preconditionFailure("a unit is committed once")
        }
        switch (purpose, result) {
        case (.open(let row, let slotCloses), .committed):
            attemptCommitted(row, slotCloses: slotCloses, now: now)
        case (.open(let row, let slotCloses), .intentTaken(let run, let otherRow, let executing)):
            notOpened(row, slotCloses: slotCloses)
            intentTaken(row, run: run, otherRow: otherRow, executing: executing, now: now)
        case (.open(let row, let slotCloses), .judgedByEarlierRun(let verdict)):
            notOpened(row, slotCloses: slotCloses)
            judgedByEarlierRun(row, verdict, now: now)
        case (.settleByState(let settlement), .committed(let released)):
            told(settlement)
            rows[settlement.row] = nil
            for pending in released { activate(pending, now: now) }
        case (.settleByState(let settlement), .intentTaken(let run, let otherRow, let executing)):
            intentTaken(settlement.row, run: run, otherRow: otherRow, executing: executing, now: now)
        case (.settleByState(let settlement), .judgedByEarlierRun(let verdict)):
            judgedByEarlierRun(settlement.row, verdict, now: now)
        case (.close, .committed):
            break
        case (.settle(let row), .committed(let released)):
            #if MUTANTS
            if PlantedBug.planted == .lateAnswerWins, var active = rows[row], active.firstAmbiguous != nil {
                active.firstAmbiguous = nil
                active.open = nil
                settle(active, .applied, .response, nil, now: now)
                return
            }
            #endif
            rows[row] = nil
            for pending in released { activate(pending, now: now) }
        case (.close, .intentTaken), (.settle, .intentTaken), (.close, .judgedByEarlierRun),
            (.settle, .judgedByEarlierRun):
            preconditionFailure("what was sent or resolved stands, whatever another run does")
        }
    }

    private mutating func attemptCommitted(_ row: Int, slotCloses: Duration, now: Moment) {
        var active = takeOut(row)
        guard let opening = active.opening else { preconditionFailure("an attempt is committed once") }
        active.open = opening
        active.opening = nil
        active.lastNumber = opening.attempt.number
        active.lastKey = opening.attempt.key
        if stopping == nil, now.monotonic <= slotCloses, !throttle.isOn(now) {
            send(&active, closes: slotCloses, now: now)
            rows[row] = active
        } else {
            inFlight -= 1
            giveBack(slotCloses: slotCloses)
            putOff(active, now: now)
        }
    }

    /// A committed attempt whose call was not started waits for leave again, before the others. Where the run stops it
    /// is closed: it is known not to have taken effect.
    mutating func putOff(_ active: consuming ActiveRow, now: Moment) {
        if stopping == nil {
            enqueue(active, .wantsSlot, first: true)
        } else {
            closeUnsent(active, now: now)
        }
    }

    mutating func closeUnsent(_ active: consuming ActiveRow, now: Moment) {
        withdraw(&active, now: now)
        wait(active, until: now.monotonic, then: .read)
    }

    /// Takes back an attempt that was committed and never sent. With an ambiguous attempt before it, it stays
    /// open, so that no other run touches the intent: the intent is read first in any case.
    mutating func withdraw(_ active: inout ActiveRow, now: Moment) {
        active.open?.answer = .notSent
        giveBackBudget(active)
        guard active.firstAmbiguous == nil, let closing = closing(of: active, now: now) else { return }
        commit([.close(closing)], for: .close)
        active.open = nil
    }

    private mutating func intentTaken(
        _ row: Int, run: String, otherRow: Int, executing: Bool, now: Moment
    ) {
        var active = takeOut(row)
        if executing {
            if active.takenTries == 0 { effects.append(.report(.waitsForRun(row: row, run: run))) }
            let pause = Self.takenBackoff.delay(retry: active.takenTries, using: &generator)
            active.takenTries += 1
            wait(active, until: now.monotonic + .milliseconds(200) + pause, then: .read)
        } else if active.firstAmbiguous == nil {
            settle(active, .rejected, .rule, .intentTaken(run: run, row: otherRow), now: now)
        } else {
            settle(active, .unconfirmed, .none, .intentTaken(run: run, row: otherRow), now: now)
        }
    }

    /// Another run did the same, between the look at the load and this transaction or as the read showed.
    private mutating func judgedByEarlierRun(_ row: Int, _ verdict: EarlierRunRule.Verdict, now: Moment) {
        guard settle(takeOut(row), by: verdict, now: now) else {
            preconditionFailure("the row guard refuses with a verdict")
        }
    }

    /// The attempt that was to be opened was not written.
    private mutating func notOpened(_ row: Int, slotCloses: Duration) {
        giveBack(slotCloses: slotCloses)
        inFlight -= 1
        if rows[row]?.opening?.attempt.isBudgeted == true { retryBudget.giveBack() }
        rows[row]?.opening = nil
    }

    /// What was not processed is not counted.
    mutating func giveBackBudget(_ active: ActiveRow) {
        if active.open?.attempt.isBudgeted == true { retryBudget.giveBack() }
    }

    static let takenBackoff = Backoff(first: .seconds(1), longest: .seconds(10))
}

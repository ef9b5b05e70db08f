import Instructions
import Pacing

extension RunMachine {
    mutating func takeStarted(_ pending: [PendingRow], now: Moment) {
        loading.isLoading = false
        loading.startedLoaded = true
        for row in pending {
            loading.startedRows.insert(row.instruction.row)
            activate(row, now: now)
        }
    }

    mutating func takeWaiting(_ pending: [PendingRow], now: Moment) {
        loading.isLoading = false
        loading.isExhausted = pending.count < loading.askedFor
        if let last = pending.last {
            loading.cursor = LoadCursor(priority: last.priority, row: last.instruction.row)
        }
        for row in pending where !loading.startedRows.contains(row.instruction.row) {
            activate(row, now: now)
        }
    }

    mutating func loadIfLow() {
        guard loading.startedLoaded, !loading.isLoading, !loading.isExhausted else { return }
        guard rows.count <= settings.capacity / 2 else { return }
        loading.isLoading = true
        loading.askedFor = settings.capacity - rows.count
        effects.append(.loadWaiting(after: loading.cursor, limit: loading.askedFor))
    }

    /// Takes a row into memory: judged by its earlier row, or by what earlier executions left open.
    mutating func activate(_ pending: PendingRow, now: Moment) {
        var active = ActiveRow(pending)
        restoreAttempts(pending.attempts, into: &active)
        if let last = pending.attempts.last { newestWall = max(newestWall, last.openedAt) }
        guard stopping == nil else { return }
        if let amount = pending.attempts.last?.amount {
            sumBound.count(amount)
            active.counted = amount
        }
        if case .resolve = purpose {
            enqueue(active, .wantsRead)
            return
        }
        #if MUTANTS
        if PlantedBug.planted == .orderIgnored, pending.earlier?.outcome.isDone == false,
            pending.attempts.isEmpty
        {
            enqueue(active, .wantsRead)
            return
        }
        #endif
        if let earlier = pending.earlier, !earlier.outcome.isDone, pending.attempts.isEmpty {
            settle(
                active, .rejected, .rule,
                Rejection.earlierRowNotApplied(row: earlier.row, outcome: earlier.outcome), now: now)
            return
        }
        if active.firstAmbiguous == nil,
            settle(
                active,
                by: EarlierRunRule.judge(
                    active.instruction, isWhole: active.instruction.requested.isEverything ? true : nil,
                    among: pending.elsewhere),
                now: now)
        {
            return
        }
        if let open = active.open {
            let then: ActiveRow.Want = keyHelps(active, now: now) ? .stored : .read
            wait(active, until: resolveTime(of: open.attempt, now: now), then: then)
        } else if rules.preflight == .never, active.firstAmbiguous == nil {
            active.ask = .wholeUnseen
            enqueue(active, .wantsSend)
        } else {
            enqueue(active, .wantsRead)
        }
    }

    /// An attempt found open is ambiguous, whether or not it was sent (resolving.md, section 1).
    private func restoreAttempts(_ attempts: [Attempt], into active: inout ActiveRow) {
        guard let last = attempts.last else { return }
        #if MUTANTS
        if PlantedBug.planted == .openAttemptForgotten {
            active.lastNumber = last.number
            return
        }
        #endif
        active.lastNumber = last.number
        active.generation = last.generation
        active.lastKey = last.key
        active.firstOpenedAt = attempts.first?.openedAt
        active.lastOpenedAt = last.openedAt
        active.keyFirstSentAt = attempts.first { $0.generation == last.generation }?.openedAt
        active.firstAmbiguous = attempts.first {
            $0.answer == nil || $0.answer == .ambiguous || $0.answer == .keyUsed
        }
        active.sends = attempts.count { attempt in
            [nil, .ambiguous, .keyUsed, .refused].contains(attempt.answer)
        }
        if let first = active.firstAmbiguous {
            active.earlierKeyMayLand = first.generation < last.generation
            active.statusBefore = first.snapshot?.status
            active.ask = Ask(restoring: first, of: active.instruction)
        }
        if let open = attempts.first(where: { $0.answer == nil }) {
            active.isBudgetExempt = true
            active.open = ActiveRow.OpenAttempt(
                attempt: open,
                request: request(
                    .change(
                        change(
                            active.instruction, Ask(restoring: open, of: active.instruction), key: open.key)))
            )
        }
    }

    /// When the answer to an attempt of an earlier execution can no longer be on its way, by the wall clock; a
    /// clock that went back never shortens the wait, and never makes it longer than a fresh send's.
    private func resolveTime(of attempt: Attempt, now: Moment) -> Duration {
        let full = attempt.timeout + Self.settleMargin
        let passed = max(.zero, now.wall.since(attempt.openedAt))
        return now.monotonic + max(.zero, full - passed)
    }
}

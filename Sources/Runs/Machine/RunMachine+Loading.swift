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
        guard stopping == nil else { return }
        if let earlier = pending.earlier, !earlier.outcome.isDone, pending.attempts.isEmpty {
            settle(
                active, .rejected, .rule,
                Rejection.earlierRowNotApplied(row: earlier.row, outcome: earlier.outcome), now: now)
            return
        }
        if let open = active.open {
            wait(active, until: resolveTime(of: open.attempt, now: now), thenSend: false)
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
        active.lastNumber = last.number
        active.generation = last.generation
        active.lastKey = last.key
        active.firstAmbiguous = attempts.first { $0.answer == nil || $0.answer == .ambiguous }
        active.sends = attempts.count { $0.answer == nil || $0.answer == .ambiguous || $0.answer == .refused }
        if let open = attempts.first(where: { $0.answer == nil }) {
            let call = GatewayCall.change(
                change(of: open, reason: active.instruction.reason, active.instruction))
            active.open = ActiveRow.OpenAttempt(attempt: open, request: request(call))
        }
        if let first = active.firstAmbiguous {
            active.statusBefore = first.snapshot?.status
            active.ask = Ask(
                isWhole: first.amount == nil || first.amount == first.snapshot?.amount, amount: first.amount,
                lines: first.lines)
        }
    }

    /// When the answer to an attempt of an earlier execution can no longer be on its way, by the wall clock; a
    /// clock that went back never shortens the wait, and never makes it longer than a fresh send's.
    private func resolveTime(of attempt: Attempt, now: Moment) -> Duration {
        let full = attempt.timeout + Self.settleMargin
        let passed = max(.zero, now.wall.since(attempt.openedAt))
        return now.monotonic + max(.zero, full - passed)
    }

    func change(of attempt: Attempt, reason: String?, _ instruction: Instruction) -> Change {
        Change(
            action: attempt.action, intentID: attempt.intentID,
            amount: attempt.amount == attempt.snapshot?.amount ? nil : attempt.amount, lines: attempt.lines,
            reason: attempt.action == .cancel ? reason : nil, externalData: instruction.externalData,
            key: attempt.key)
    }
}

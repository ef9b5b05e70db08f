import Instructions
import Pacing
import Runs

/// Judges money-changing requests before their first byte leaves.
extension Judge {
    /// Who sends it, after everything that must be true of it.
    mutating func checkSend(
        _ request: GatewayRequest, _ change: Runs.Change, _ run: Int, store: SimulatedStore, now: Moment
    ) throws(Violation) -> Cause {
        guard let parts = KeyParts(change.key), store.runs[run].rows.indices.contains(parts.row - 1) else {
            throw Violation(.attemptBeforeSend, "\(change.key) is no key of a row")
        }
        let row = store.runs[run][parts.row]
        let attempt = row.attempts.last { $0.answer == nil }
        guard let attempt, attempt.key == change.key, attempt.body == request.body,
            attempt.intentID == change.intentID, attempt.action == change.action
        else {
            throw Violation(
                .attemptBeforeSend, "\(change.key) is sent, and no open attempt has its key and body")
        }
        let index = rows[run][parts.row - 1].attempts.firstIndex { $0.number == attempt.number }
        guard let index, rows[run][parts.row - 1].attempts[index].sentAt == nil else {
            throw Violation(.attemptBeforeSend, "attempt \(attempt.number) of row \(parts.row) is sent twice")
        }
        let opened = rows[run][parts.row - 1].attempts[index].openedAt
        guard now.monotonic - opened <= .seconds(60) + Self.grace || met([.clockBack], on: attempt.intentID)
        else {
            throw Violation(.sentSoon, "\(attempt.key) is sent \(now.monotonic - opened) after it was opened")
        }
        let prior = Array(rows[run][parts.row - 1].attempts[..<index])
        let repeatsKey = try checkResend(attempt, after: prior, of: row, run, store: store, now: now)
        if !repeatsKey { try checkSnapshot(attempt, prior, run, now: now) }
        rows[run][parts.row - 1].attempts[index].sentAt = now.monotonic
        try checkBudget(run)
        return Cause(run: run, row: parts.row, attempt: attempt.number, key: attempt.key)
    }

    // MARK: Bounded repetitions (contract, P6)

    func budget(_ run: Int) -> RetryBudget {
        RetryBudget(
            rows: scenario.runs[run].instructions.count,
            partsPerMillion: scenario.runs[run].rules.retryBudgetPartsPerMillion)
    }

    /// Sends beyond the first of their row, less those that were not processed.
    func repeats(_ run: Int) -> Int {
        rows[run].reduce(0) { sum, row in
            sum + max(0, row.attempts.count { $0.sentAt != nil && $0.verdict != .harmless } - 1)
        }
    }

    /// Counting those that are opened and about to be sent.
    func isBudgetSpent(_ run: Int) -> Bool {
        let opened = rows[run].reduce(0) { sum, row in
            sum + max(0, row.attempts.count { $0.verdict != .harmless } - 1)
        }
        return opened >= budget(run).limit
    }

    private func checkBudget(_ run: Int) throws(Violation) {
        let foundOpen = rows[run].reduce(0) { sum, row in
            sum + row.attempts.count { $0.verdict == .foundOpen }
        }
        guard repeats(run) <= budget(run).limit + foundOpen else {
            throw Violation(.boundedRetries, "\(repeats(run)) sends of the run are repetitions")
        }
    }

    /// Returns whether it goes on with its key, without a read before it.
    private func checkResend(
        _ attempt: Attempt, after prior: [RowWatch.SeenAttempt], of row: SimulatedStore.Row, _ run: Int,
        store: SimulatedStore, now: Moment
    ) throws(Violation) -> Bool {
        guard let previous = prior.last else { return false }
        let unclear = prior.filter(\.provesNothing)
        let wasRefused = prior.contains { $0.verdict == .refused }
        guard !wasRefused || !unclear.isEmpty else {
            throw Violation(.noBlindResend, "row \(attempt.row) is sent again after a refusal")
        }
        guard let firstUnclear = unclear.first else { return false }
        guard unclear.count < scenario.runs[run].rules.attempts else {
            throw Violation(
                .boundedRetries, "row \(attempt.row) is sent after \(unclear.count) unclear attempts")
        }
        let fetched = rows[run][attempt.row - 1].fetched
        let isNextGeneration = previous.key != attempt.key
        if scenario.kind == .keyed {
            let resolvable = unclear.filter { $0.key == previous.key }.map(\.resolvableAt).max() ?? .zero
            let saysDead = fetched.contains { $0.key == previous.key && $0.found == .dead }
            if isNextGeneration, saysDead { return true }
            // Nothing of this key was processed yet, and its first send was judged.
            let isUnused = prior.allSatisfy { $0.key != attempt.key || $0.verdict == .harmless }
            if !isNextGeneration, isUnused, isYoung(attempt.key, prior, run, now: now, grace: .seconds(60)) {
                return true
            }
            let saysNothing = fetched.contains {
                $0.key == attempt.key && $0.found == .nothing && $0.requestedAt >= resolvable
            }
            if !isNextGeneration, saysNothing,
                isYoung(attempt.key, prior, run, now: now, grace: .seconds(60))
            {
                guard !unclear.contains(where: { $0.verdict == .keyUsed && $0.key == attempt.key }) else {
                    throw Violation(.noBlindResend, "\(attempt.key) is repeated after a 409")
                }
                return true
            }
        }
        let needed = max(unclear.map(\.resolvableAt).max() ?? .zero, previous.answeredAt ?? .zero)
        guard !wasRefused, isWhole(row.instruction), let read = reads[run][attempt.intentID],
            read.execution == executions[run], read.requestedAt >= needed,
            allows(attempt.action, read.intent), isUnmoved(read.intent, since: firstUnclear.snapshot)
        else {
            throw Violation(
                .noBlindResend,
                "\(attempt.key) is sent, and no read after \(needed - World.start) shows that row \(attempt.row) may be"
            )
        }
        let couldTell =
            scenario.kind == .keyed && isNextGeneration && !met([.clockBack], on: attempt.intentID)
            && isYoung(previous.key, prior, run, now: now, grace: .zero)
            && !fetched.contains { $0.key == previous.key && $0.found == .noProof }
        guard !couldTell else {
            throw Violation(.noBlindResend, "a new key \(attempt.key), and \(previous.key) could still tell")
        }
        return false
    }

    /// Old keys are no proof: contract, `key-lifetime`, less an hour, by our own clock.
    func isYoung(
        _ key: String, _ attempts: [RowWatch.SeenAttempt], _ run: Int, now: Moment, grace: Duration
    ) -> Bool {
        guard let first = attempts.first(where: { $0.key == key }) else { return true }
        let lifetime = scenario.runs[run].rules.keyLifetimeMilliseconds.map { Duration.milliseconds($0) }
        let young = (lifetime ?? SimulatedGateway.keyLifetime) - .seconds(3600) + grace
        let newest = attempts.map(\.openedWall).max() ?? now.wall
        return now.wall.since(first.openedWall) < young && now.wall.advanced(by: grace) >= newest
    }

    /// What is acted on was read by this execution, a minute ago at most.
    private func checkSnapshot(
        _ attempt: Attempt, _ prior: [RowWatch.SeenAttempt], _ run: Int, now: Moment
    ) throws(Violation) {
        if scenario.runs[run].rules.preflight == .never, !prior.contains(where: \.provesNothing) { return }
        guard let read = reads[run][attempt.intentID], read.execution == executions[run],
            read.intent == attempt.snapshot,
            now.monotonic - read.answeredAt <= .seconds(60) + Self.grace
        else {
            throw Violation(
                .freshSnapshot, "\(attempt.key) is sent on a snapshot that is old or not the newest")
        }
    }

    // MARK: The judge's own reading of the rules

    func isWhole(_ instruction: Instruction) -> Bool {
        switch instruction.requested {
        case .everything: true
        case .exactly(let money):
            scenario.intents.contains { $0.id == instruction.intentID && $0.amount == money.minorUnits }
        }
    }

    private func allows(_ action: Action, _ intent: PaymentIntent) -> Bool {
        switch action {
        case .cancel: intent.status == "new" || intent.status == "open"
        case .capture: intent.status == "open" || intent.status == "part"
        }
    }

    private func isUnmoved(_ intent: PaymentIntent, since snapshot: PaymentIntent?) -> Bool {
        guard let snapshot else { return true }
        return intent.lines == snapshot.lines && intent.captured ?? 0 == snapshot.captured ?? 0
    }
}

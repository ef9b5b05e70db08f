import Instructions
import Pacing

extension RunMachine {
    /// The preflight: contract, section 4.
    mutating func judgeBeforeActing(_ active: consuming ActiveRow, _ intent: PaymentIntent, now: Moment) {
        active.statusBefore = intent.status
        let verdict = stateRules.judge(
            active.instruction, against: intent, sameActionInFile: active.sameActionInFile)
        switch verdict {
        case .act(let ask):
            active.ask = ask
            active.pendingSince = nil
            // Before rows that are only to be read: a snapshot does not keep.
            enqueue(active, .wantsSend, first: true)
        case .alreadyApplied(let ask):
            active.ask = ask
            settleByState(active, .alreadyApplied, nil, intent, now: now)
        case .rejected(let rejection):
            settleByState(active, .rejected, rejection, intent, now: now)
        case .pending:
            if !waitWhilePending(&active, now: now) {
                settleByState(active, .rejected, .gatewayPending, intent, now: now)
            }
        }
    }

    /// The store looks once more at what other runs do on the intent.
    private mutating func settleByState(
        _ active: consuming ActiveRow, _ outcome: Outcome, _ rejection: Rejection?, _ intent: PaymentIntent,
        now: Moment
    ) {
        let settlement = settlement(of: active, outcome, .rule, rejection, after: intent, now: now)
        markSettling(active)
        #if MUTANTS
        let isByState = PlantedBug.planted != .stateTakenAlone
        #else
        let isByState = true
        #endif
        commit([.settle(settlement)], for: .settleByState(settlement), isByState: isByState)
    }

    /// What a read after an ambiguous attempt shows: resolving.md, sections 3 and 4.
    mutating func resolve(_ active: consuming ActiveRow, _ intent: PaymentIntent, answer: Answer, now: Moment)
    {
        guard let first = active.firstAmbiguous, let ask = active.ask else {
            preconditionFailure("only a row with an ambiguous attempt is resolved")
        }
        #if MUTANTS
        if PlantedBug.planted == .partSentTwice, !ask.isWhole,
            finding(active, ask, read: intent, since: first) == .unchanged
        {
            active.risesGeneration = true
            enqueue(active, .wantsSend, first: true)
            return
        }
        if PlantedBug.planted == .refusedThenSent { active.refusedAfterAmbiguous = nil }
        #endif
        switch finding(active, ask, read: intent, since: first) {
        case .ours:
            settle(active, .applied, .readBack, nil, after: intent, answer: answer, now: now)
        case .excluded:
            settle(
                active, .declined, .readBack, .excluded(status: intent.status), after: intent, answer: answer,
                now: now)
        case .unchanged where !ask.isWhole:
            unconfirmed(active, .partialUnchanged, intent, answer, now: now)
        case .unchanged where active.refusedAfterAmbiguous != nil:
            unconfirmed(active, .refusedThenUnchanged, intent, answer, now: now)
        case _ where active.sends >= rules.attempts || active.readsLast:
            unconfirmed(active, .attemptsSpent, intent, answer, now: now)
        case .unchanged where !hasBudget(active):
            unconfirmed(active, .retryBudgetSpent, intent, answer, now: now)
        case .unchanged:
            // The gateway refuses a second effect of a whole action, so it may be sent again. What never left did
            // not burn its key.
            active.risesGeneration = active.open?.answer != .notSent
            enqueue(active, .wantsSend, first: true)
        case .pending:
            if !waitWhilePending(&active, now: now) {
                unconfirmed(active, .gatewayPending, intent, answer, now: now)
            }
        case .unclear:
            unconfirmed(active, .unclear(status: intent.status), intent, answer, now: now)
        }
    }

    /// What a read shows, after the row's first ambiguous attempt.
    func finding(
        _ active: ActiveRow, _ ask: Ask, read intent: PaymentIntent, since first: Attempt
    ) -> Effects.Finding {
        #if MUTANTS
        let isLast = PlantedBug.planted == .lastSnapshot
        let snapshot = isLast ? active.open?.attempt.snapshot : first.snapshot
        #else
        let snapshot = first.snapshot
        #endif
        let finding = effectRules.judge(active.instruction, ask, read: intent, snapshot: snapshot)
        #if MUTANTS
        if PlantedBug.planted == .earlierRowsEffect { return finding }
        #endif
        // Unread before, and an earlier row of this file did the same: what the read shows is that row's.
        let isEarlierRows = active.sameActionInFile && first.snapshot == nil
        return finding == .ours && isEarlierRows ? .excluded : finding
    }

    private mutating func unconfirmed(
        _ active: consuming ActiveRow, _ rejection: Rejection, _ intent: PaymentIntent, _ answer: Answer,
        now: Moment
    ) {
        settle(active, .unconfirmed, .none, rejection, after: intent, answer: answer, now: now)
    }

    /// Whether the run may repeat a call of this row.
    func hasBudget(_ active: ActiveRow) -> Bool {
        #if MUTANTS
        if PlantedBug.planted == .retryBudgetIgnored { return true }
        #endif
        return active.isBudgetExempt || !retryBudget.isSpent
    }

    /// False when the row guard has no objection.
    mutating func settle(_ active: consuming ActiveRow, by verdict: EarlierRunRule.Verdict, now: Moment)
        -> Bool
    {
        switch verdict {
        case .free:
            return false
        case .alreadyApplied(let other):
            settle(active, .alreadyApplied, .earlierRun, .appliedByEarlierRun(other), now: now)
        case .rejected(let rejection):
            settle(active, .rejected, .rule, rejection, now: now)
        }
        return true
    }

    /// False when `pending-wait` is over.
    private mutating func waitWhilePending(_ active: inout ActiveRow, now: Moment) -> Bool {
        let since = active.pendingSince ?? now.monotonic
        let end = since + .milliseconds(rules.pendingWaitMilliseconds)
        guard now.monotonic < end else { return false }
        active.pendingSince = since
        let pause = max(.milliseconds(100), backoff.delay(retry: active.pendingReads, using: &generator))
        active.pendingReads += 1
        wait(active, until: min(end, now.monotonic + pause), then: .read)
        return true
    }

    /// Commits the row's outcome, in one unit with the end of its open attempt.
    mutating func settle(
        _ active: consuming ActiveRow, _ outcome: Outcome, _ howKnown: HowKnown, _ rejection: Rejection?,
        after intent: PaymentIntent? = nil, answer: Answer? = nil, now: Moment
    ) {
        #if MUTANTS
        if PlantedBug.planted == .outcomeDropped, outcome == .declined {
            rows[active.row] = nil
            return
        }
        #endif
        let settlement = settlement(
            of: active, outcome, howKnown, rejection, after: intent, answer: answer, now: now)
        if let counted = active.counted, outcome != .applied, outcome != .unconfirmed {
            sumBound.giveBack(counted)
        }
        var writes: [RunWrite] = []
        if let closing = closing(of: active, now: now) { writes.append(.close(closing)) }
        writes.append(.settle(settlement))
        markSettling(active)
        commit(writes, for: .settle(row: settlement.row))
        told(settlement)
    }

    private mutating func markSettling(_ active: consuming ActiveRow) {
        active.step = .settling
        active.stamp += 1
        rows[active.row] = active
    }

    /// The outcome stands, or will with the next commit.
    mutating func told(_ settlement: Settlement) {
        failureBudget.note(settlement.outcome.budgetResult)
        effects.append(.report(.settled(settlement)))
    }

    private func settlement(
        of active: ActiveRow, _ outcome: Outcome, _ howKnown: HowKnown, _ rejection: Rejection?,
        after intent: PaymentIntent?, answer: Answer? = nil, now: Moment
    ) -> Settlement {
        var settlement = Settlement(
            row: active.row, action: active.instruction.action, outcome: outcome, howKnown: howKnown,
            finishedAt: now.wall)
        settlement.code = rejection?.code
        settlement.message = rejection?.message
        settlement.statusBefore = active.statusBefore
        settlement.statusAfter = intent?.status
        settlement.isWhole = active.ask?.isWhole ?? (active.instruction.requested.isEverything ? true : nil)
        settlement.asked = asked(active, intent)
        settlement.attempts = active.lastNumber
        settlement.key = active.lastKey
        settlement.gatewayReference = intent?.gatewayReference
        settlement.gatewayCode = answer?.gatewayCode
        settlement.httpStatus = answer?.httpStatus
        if let intent {
            settlement.remaining = remaining(of: intent)
            if outcome == .applied { settlement.applied = active.ask?.amount ?? intent.amount }
        }
        return settlement
    }

    private func asked(_ active: ActiveRow, _ intent: PaymentIntent?) -> Money? {
        if let amount = active.ask?.amount { return amount }
        if case .exactly(let money) = active.instruction.requested { return money }
        return intent?.amount ?? active.snapshot?.amount
    }

    /// What could still be captured; nil where the profile cannot tell.
    private func remaining(of intent: PaymentIntent) -> Money? {
        if let remaining = intent.remainingByLines { return remaining }
        return switch profile.state(of: intent.status) {
        case .authorized: intent.amount
        case .captured, .cancelled, .failed: .zero(intent.amount.currency)
        case .unauthorized, .partiallyCaptured, .pending, .other: nil
        }
    }
}

extension Outcome {
    /// `stop-when` counts failed, unconfirmed and declined rows, never rejected ones (contract, section 7).
    fileprivate var budgetResult: FailureBudget.Result {
        switch self {
        case .applied, .alreadyApplied: .went
        case .failed, .unconfirmed, .declined: .failed
        case .rejected, .notSent: .neither
        }
    }
}

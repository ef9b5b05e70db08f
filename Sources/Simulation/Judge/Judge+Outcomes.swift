import Instructions
import Pacing
import Runs

/// Judges what is committed.
extension Judge {
    mutating func committed(
        _ unit: WriteUnit, _ run: Int, store: SimulatedStore, now: Moment, offset: Duration
    ) throws(Violation) {
        for write in unit.writes {
            switch write {
            case .open(let attempt):
                try checkOrder(attempt.row, run, store: store)
                try checkOtherRuns(attempt, run, store: store)
                rows[run][attempt.row - 1].attempts.append(
                    .init(
                        number: attempt.number, key: attempt.key, snapshot: attempt.snapshot,
                        openedAt: now.monotonic, openedWall: attempt.openedAt, offset: offset))
                aheadAtMost = max(aheadAtMost, offset - World.wallOffset)
            case .close(let closing): try checkClosing(closing, run)
            case .settle(let settlement): try checkOutcome(settlement, run, store: store, now: now)
            }
        }
    }

    /// Only what never left, or was answered so, is closed as not processed.
    private mutating func checkClosing(_ closing: AttemptClosing, _ run: Int) throws(Violation) {
        let row = closing.row - 1
        guard let index = rows[run][row].attempts.firstIndex(where: { $0.number == closing.number }) else {
            return
        }
        let seen = rows[run][row].attempts[index]
        guard [.notSent, .unauthorized, .throttled].contains(closing.answer) else { return }
        let neverLeft = seen.sentAt == nil && seen.verdict == .none && closing.answer == .notSent
        guard neverLeft || seen.verdict == .harmless else {
            throw Violation(
                .outcomeTrue, "attempt \(closing.number) of row \(closing.row) is closed as \(closing.answer)"
            )
        }
        rows[run][row].attempts[index].verdict = .harmless
    }

    /// An earlier row's outcome is on disk no later than the next row's attempt.
    private func checkOrder(_ row: Int, _ run: Int, store: SimulatedStore) throws(Violation) {
        var after = store.runs[run][row].after
        while let earlier = after {
            guard store.runs[run][earlier].settlement?.outcome.isDone == true else {
                throw Violation(
                    .orderOnIntent, "row \(row) is opened, and row \(earlier) before it is not done")
            }
            after = store.runs[run][earlier].after
        }
    }

    /// Contract, "Against earlier runs", for what is certain: the same was done, or an attempt there is unsettled.
    private func checkOtherRuns(_ attempt: Attempt, _ run: Int, store: SimulatedStore) throws(Violation) {
        guard !rows[run][attempt.row - 1].attempts.contains(where: \.provesNothing) else { return }
        let ours = store.runs[run][attempt.row].instruction
        for other in store.runs.indices where other != run {
            for row in store.runs[other].rows where row.instruction.intentID == attempt.intentID {
                let outcome = row.settlement?.outcome
                guard outcome != .unconfirmed else {
                    throw Violation(
                        .rowGuard, "\(attempt.key) opens beside an unconfirmed row of another run")
                }
                let its = row.instruction
                let isSame =
                    isWhole(ours)
                    ? isWhole(its)
                    : its.requested == ours.requested && Set(its.lineItems) == Set(ours.lineItems)
                let differ = its.reference != nil && ours.reference != nil && its.reference != ours.reference
                guard outcome?.isDone == true, its.action == ours.action, isSame, isWhole(ours) || !differ
                else { continue }
                throw Violation(.rowGuard, "\(attempt.key) repeats row \(its.row) of another run")
            }
        }
    }

    /// A state proves nothing while another run's row may have made it.
    private func checkState(_ instruction: Instruction, _ run: Int, store: SimulatedStore) throws(Violation) {
        for other in store.runs.indices where other != run {
            let isUnsettled = store.runs[other].rows.contains { row in
                row.instruction.intentID == instruction.intentID
                    && (row.settlement?.outcome == .unconfirmed || row.attempts.contains { $0.answer == nil })
            }
            guard isUnsettled else { continue }
            throw Violation(
                .rowGuard, "row \(instruction.row) is already applied beside an unsettled row of another run")
        }
    }

    /// What a resolution found out; that it is true shows at the end.
    mutating func resolved(_ unit: WriteUnit, _ run: Int, now: Moment) throws(Violation) {
        for case .settle(let settlement) in unit.writes where settlement.outcome == .failed {
            let sent = rows[run][settlement.row - 1].attempts.compactMap(\.sentAt).max() ?? .zero
            let isInTime = now.monotonic >= sent + Scenario.lateBound + .seconds(60)
            guard isInTime || facts[nil]?.contains(.clockForward) == true else {
                throw Violation(.resolvedInTime, "row \(settlement.row) failed, and may still take effect")
            }
        }
    }

    private func checkOutcome(
        _ settlement: Settlement, _ run: Int, store: SimulatedStore, now: Moment
    ) throws(Violation) {
        let row = store.runs[run][settlement.row]
        if let after = row.after, row.attempts.isEmpty {
            let earlier = store.runs[run][after].settlement?.outcome
            guard let earlier, earlier.isDone || settlement.outcome == .rejected else {
                throw Violation(
                    .orderOnIntent,
                    "row \(settlement.row) is \(settlement.outcome) after a row that is not done")
            }
        }
        if settlement.outcome == .alreadyApplied, settlement.howKnown == .rule {
            try checkState(row.instruction, run, store: store)
        }
        let seen = rows[run][settlement.row - 1]
        let unclear = seen.attempts.contains(where: \.provesNothing)
        switch settlement.outcome {
        case .failed, .rejected:
            guard !unclear else {
                throw Violation(
                    .outcomeTrue, "row \(settlement.row) may have taken effect and is \(settlement.outcome)")
            }
        case .alreadyApplied where settlement.howKnown != .storedResponse:
            guard !unclear else {
                throw Violation(
                    .outcomeTrue, "row \(settlement.row) may have taken effect, not somebody else's")
            }
        case .declined where settlement.howKnown == .response:
            guard !unclear else {
                throw Violation(.outcomeTrue, "the refusal of a re-send declines row \(settlement.row)")
            }
        case .unconfirmed: try checkUnconfirmed(settlement, row, run, now: now)
        case .applied, .alreadyApplied, .declined, .notSent: break
        }
    }

    /// Every `unconfirmed` has a reason in what the seed really played.
    private func checkUnconfirmed(
        _ settlement: Settlement, _ row: SimulatedStore.Row, _ run: Int, now: Moment
    ) throws(Violation) {
        let id = row.instruction.intentID
        let seen = rows[run][settlement.row - 1]
        let isPartial = !isWhole(row.instruction)
        let keyed = scenario.kind == .keyed
        let lastKey = seen.attempts.last?.key ?? ""
        let keyIsOld =
            keyed
            && (met([.clockBack, .clockForward], on: id)
                || !isYoung(lastKey, seen.attempts, run, now: now, grace: .zero))
        let keyIsSilent = met(
            [
                .serverError, .effectThenError, .errorThenEffect, .showsNoEffect, .wrongID, .storedFailed,
                .readFailed, .storm, .slow, .falseClaim, .keyForgotten,
            ], on: id)
        let spent =
            seen.attempts.count { $0.verdict != .harmless } >= scenario.runs[run].rules.attempts
        let isBudgetSpent = isBudgetSpent(run)
        let isNeeded: Bool
        switch settlement.code {
        case "intent_not_readable": isNeeded = met([.readMissing, .readFailed, .storm], on: id)
        case "partial_unchanged":
            isNeeded = isPartial && (!keyed || keyIsOld || keyIsSilent || spent || isBudgetSpent)
        case "gateway_pending": isNeeded = met([.pending], on: id)
        case "refused_then_unchanged":
            isNeeded =
                seen.attempts.contains { $0.verdict == .refused }
                || seen.fetched.contains { $0.found == .refused }
        case "attempts_spent": isNeeded = spent || keyed && (keyIsSilent || isBudgetSpent)
        case "unclear_after_read":
            isNeeded = met([.otherActor, .keyForgotten], on: id) || scenario.runs.count > 1
        case "retry_budget_spent": isNeeded = isBudgetSpent
        case "intent_unsettled_elsewhere": isNeeded = scenario.runs.count > 1
        default: isNeeded = false
        }
        guard isNeeded else {
            throw Violation(
                .unconfirmedNeeded,
                "row \(settlement.row) is unconfirmed (\(settlement.code ?? "")) without need")
        }
    }
}

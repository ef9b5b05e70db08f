import Instructions
import Runs

/// Judges every outcome by the gateway's ledger, at the end.
extension Judge {
    /// After everything on the wire has arrived.
    func checkEnd(store: SimulatedStore, gateway: SimulatedGateway, counts: inout Counts) throws(Violation) {
        for (run, stored) in store.runs.enumerated() {
            for row in stored.rows {
                guard let settlement = row.settlement else {
                    throw Violation(
                        .nothingLost, "row \(row.instruction.row) of \(stored.name) has no outcome")
                }
                if let index = Outcome.allCases.firstIndex(of: settlement.outcome) {
                    counts.outcomes[index] += 1
                }
                if metLossAlone(row, run) {
                    counts.lostOnly += 1
                    if settlement.outcome == .unconfirmed { counts.lostOnlyUnconfirmed += 1 }
                }
                try checkTruth(settlement, row, run, gateway: gateway, counts: &counts)
            }
        }
    }

    private static let losses: Set<FaultKind> = [.requestLost, .answerLost, .requestLate]

    private func metLossAlone(_ row: SimulatedStore.Row, _ run: Int) -> Bool {
        let met = (facts[row.instruction.intentID] ?? []).union(facts[nil] ?? [])
        let seen = rows[run][row.instruction.row - 1]
        return !met.isDisjoint(with: Self.losses)
            && met.isSubset(of: Self.losses.union([.crash, .crashInCommit, .stop]))
            && seen.attempts.contains(where: \.provesNothing) && scenario.runs.count == 1
            && (scenario.kind == .keyed || isWhole(row.instruction))
            && !seen.attempts.contains { $0.verdict == .refused }
            && seen.attempts.count { $0.verdict != .harmless } < scenario.runs[run].rules.attempts
            && !isBudgetSpent(run)
    }

    private func checkTruth(
        _ settlement: Settlement, _ row: SimulatedStore.Row, _ run: Int, gateway: SimulatedGateway,
        counts: inout Counts
    ) throws(Violation) {
        let ours = gateway.ledger.filter { $0.cause?.run == run && $0.cause?.row == settlement.row }
        let effects = ours.count { $0.cause?.attempt != 0 }
        let name = "row \(settlement.row) of \(scenario.runs[run].name)"
        if effects > 1 {
            guard ours.allSatisfy({ gateway.forgotten.contains($0.cause?.key ?? "") }) else {
                throw Violation(.atMostOnce, "\(name) took effect \(effects) times")
            }
            counts.exclusions[Exclusion.brokenKey.index] += 1
        }
        switch settlement.outcome {
        case .applied where ours.isEmpty:
            guard let exclusion = exclusion(settlement, row, run, gateway: gateway) else {
                throw Violation(.outcomeTrue, "\(name) is applied, and the ledger has no effect of it")
            }
            counts.exclusions[exclusion.index] += 1
        case .alreadyApplied
        where effects > 0 && settlement.howKnown == .storedResponse
            && aheadAtMost > .seconds(300):
            counts.exclusions[Exclusion.skewedClock.index] += 1
        case .declined
        where effects > 0 && ours.allSatisfy { gateway.forgotten.contains($0.cause?.key ?? "") }:
            counts.exclusions[Exclusion.brokenKey.index] += 1
        case .declined
        where effects > 0 && row.sameActionInFile && met([.falseClaim], on: row.instruction.intentID):
            // What an earlier row of the file was claimed to have done.
            counts.exclusions[Exclusion.falseClaim.index] += 1
        case .failed
        where effects > 0 && settlement.howKnown == .readBack
            && met([.clockForward], on: row.instruction.intentID):
            counts.exclusions[Exclusion.jumpedClock.index] += 1
        case .declined where effects > 0, .failed where effects > 0, .rejected where effects > 0,
            .notSent where effects > 0, .alreadyApplied where effects > 0:
            guard isContradicted(ours, run) else {
                throw Violation(.outcomeTrue, "\(name) is \(settlement.outcome), and took effect")
            }
            counts.exclusions[Exclusion.contradiction.index] += 1
        case .applied, .alreadyApplied, .declined, .failed, .rejected, .notSent, .unconfirmed: break
        }
    }

    /// Whether the attempt that took effect was answered as not processed.
    private func isContradicted(_ effects: [LedgerLine], _ run: Int) -> Bool {
        effects.allSatisfy { effect in
            guard let cause = effect.cause, met([.requestDoubled], on: effect.intentID) else { return false }
            return rows[run][cause.row - 1].attempts.contains {
                $0.number == cause.attempt && ($0.verdict == .harmless || $0.verdict == .refused)
            }
        }
    }

    /// Why `applied` without an effect of ours could not be known better.
    private func exclusion(
        _ settlement: Settlement, _ row: SimulatedStore.Row, _ run: Int, gateway: SimulatedGateway
    ) -> Exclusion? {
        let id = row.instruction.intentID
        if rows[run][settlement.row - 1].isClaimed { return .falseClaim }
        guard settlement.howKnown == .readBack, let first = rows[run][settlement.row - 1].attempts.first
        else { return nil }
        if first.snapshot == nil, !row.sameActionInFile { return .unseenBefore }
        // What is acted on was read a minute before at most.
        let hasTwin = gateway.ledger.contains { line in
            line.cause == nil && line.intentID == id && line.action == row.instruction.action
                && line.at >= first.openedAt - .seconds(61)
        }
        return hasTwin ? .twinAction : nil
    }
}

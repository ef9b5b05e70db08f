import Instructions
import Pacing
import Runs

/// Watches what goes over the wire and to the disk, and knows nothing of the machine's own thoughts.
struct Judge {
    /// Between a request's own time-out and the first look at what became of it (resolving.md, section 2).
    static let settleMargin: Duration = .seconds(5)
    /// What a commit and a lease may take after a decision was right.
    static let grace: Duration = .seconds(1)

    let scenario: Scenario
    var rows: [[RowWatch]]
    /// By run and intent.
    var reads: [[String: SeenRead]]
    var executions: [Int]
    /// Faults that touched a call about that intent; by nil those that touched everything.
    var facts: [String?: Set<FaultKind>] = [:]
    /// How far our clock was ahead of the gateway's at most.
    var aheadAtMost: Duration = .zero
    /// Found where nothing could be thrown.
    var failure: Violation?

    init(_ scenario: Scenario) {
        self.scenario = scenario
        rows = scenario.runs.map { $0.instructions.map { _ in RowWatch() } }
        reads = scenario.runs.map { _ in [:] }
        executions = scenario.runs.map { _ in 0 }
    }

    mutating func note(_ kind: FaultKind, on intentID: String?) { facts[intentID, default: []].insert(kind) }

    func met(_ kinds: Set<FaultKind>, on intentID: String) -> Bool {
        !kinds.isDisjoint(with: facts[intentID] ?? []) || !kinds.isDisjoint(with: facts[nil] ?? [])
    }

    /// The gateway booked an effect of ours.
    mutating func booked(_ cause: Cause, isKeyForgotten: Bool) {
        rows[cause.run][cause.row - 1].effects += 1
        guard rows[cause.run][cause.row - 1].effects > 1, !isKeyForgotten else { return }
        failure = failure ?? Violation(.atMostOnce, "row \(cause.row) took effect again, as \(cause.key)")
    }

    // MARK: Executions

    /// What a new execution finds open proves nothing, whether or not it was sent.
    mutating func started(_ run: Int, store: SimulatedStore, now: Moment, offset: Duration) {
        executions[run] += 1
        for (index, row) in store.runs[run].rows.enumerated() {
            for attempt in row.attempts where attempt.answer == nil {
                guard let at = rows[run][index].attempts.firstIndex(where: { $0.number == attempt.number })
                else { continue }
                let seen = rows[run][index].attempts[at]
                rows[run][index].attempts[at].verdict = .foundOpen
                // The wait is measured by the wall clock: where it was stepped, nothing is known of its length.
                let isSteady = seen.offset == offset
                rows[run][index].attempts[at].resolvableAt =
                    isSteady ? opened(seen) + scenario.timeout + Self.settleMargin : .zero
            }
        }
    }

    /// When the machine decided it; the commit came a little later, maybe after a step of the wall clock.
    private func opened(_ seen: RowWatch.SeenAttempt) -> Duration {
        min(seen.openedAt, .milliseconds(seen.openedWall.milliseconds) - seen.offset)
    }

    // MARK: Answers

    mutating func answered(_ wire: Wire, _ answer: Answer, now: Moment) {
        switch wire.request.call {
        case .change: changeAnswered(wire, answer, now: now)
        case .read(let id):
            guard case .intent(let intent) = answer.kind else { return }
            reads[wire.run][id] = SeenRead(
                intent: intent, execution: wire.execution, requestedAt: wire.sentAt,
                answeredAt: now.monotonic)
        case .storedResponse(let change): fetched(change.key, wire, answer)
        case .token: break
        }
    }

    private mutating func changeAnswered(_ wire: Wire, _ answer: Answer, now: Moment) {
        guard let cause = wire.cause else { return }
        let row = cause.row - 1
        guard let index = rows[cause.run][row].attempts.firstIndex(where: { $0.number == cause.attempt })
        else { return }
        var seen = rows[cause.run][row].attempts[index]
        seen.answeredAt = now.monotonic
        seen.resolvableAt = now.monotonic
        switch answer.kind {
        case .notSent, .unauthorized, .throttled: seen.verdict = .harmless
        case .refused: seen.verdict = .refused
        case .keyUsed: seen.verdict = .keyUsed
        default:
            // A success that proved the effect ends the row, so a later attempt of it shows that it did not.
            seen.verdict = .ambiguous
            seen.resolvableAt = wire.sentAt + scenario.timeout + Self.settleMargin
        }
        rows[cause.run][row].attempts[index] = seen
    }

    private mutating func fetched(_ key: String, _ wire: Wire, _ answer: Answer) {
        guard let parts = KeyParts(key) else { return }
        let found: RowWatch.Fetched.Found
        switch answer.kind {
        case .nothingStored: found = .nothing
        case .stored(let stored):
            switch stored.answer.kind {
            case .unauthorized, .throttled: found = .dead
            case .ambiguous, .intent: found = .noProof
            case .refused: found = .refused
            default: found = .other
            }
        default: return
        }
        rows[wire.run][parts.row - 1].fetched.append(
            .init(key: key, found: found, requestedAt: wire.sentAt))
    }
}

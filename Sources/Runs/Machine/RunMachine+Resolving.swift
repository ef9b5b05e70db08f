import Instructions
import Pacing

/// `intentbatch resolve`: unconfirmed rows are read again and judged by resolving.md, sections 3 and 4. Nothing is
/// sent that changes money.
extension RunMachine {
    /// Two unchanged reads are this far apart.
    static let unchangedSpan: Duration = .seconds(60)
    /// An attempt may leave this long after it was opened, when its slot was missed (`snapshotLifetime`).
    static let longestWayToWire = snapshotLifetime

    mutating func lateReadAnswered(
        _ active: consuming ActiveRow, _ answer: Answer, lateBound: Duration, now: Moment
    ) {
        switch answer.kind {
        case .intent(let intent):
            active.failedReads = 0
            judgeLate(active, intent, answer: answer, lateBound: lateBound, now: now)
        case .unauthorized:
            wait(active, until: now.monotonic, then: .read)
        case .throttled(let retryAfter):
            pause(retryAfter, now: now)
            enqueue(active, .wantsRead, first: true)
        case .notFound:
            leave(active, .intentNotReadable)
        case .notSent, .ambiguous, .refused, .keyUsed, .stored, .nothingStored, .token, .credentialsRefused:
            if !health.isOut { active.failedReads += 1 }
            guard active.failedReads < rules.attempts else {
                leave(active, .intentNotReadable)
                return
            }
            let pause = backoff.delay(retry: max(0, active.failedReads - 1), using: &generator)
            wait(active, until: now.monotonic + pause, then: .read)
        }
    }

    private mutating func judgeLate(
        _ active: ActiveRow, _ intent: PaymentIntent, answer: Answer, lateBound: Duration, now: Moment
    ) {
        guard let first = active.firstAmbiguous, let ask = active.ask else {
            leave(active, .unclear(status: intent.status))
            return
        }
        switch finding(active, ask, read: intent, since: first) {
        case .ours:
            settle(active, .applied, .readBack, nil, after: intent, answer: answer, now: now)
        case .excluded:
            settle(
                active, .declined, .readBack, .excluded(status: intent.status), after: intent, answer: answer,
                now: now)
        case .unchanged:
            unchanged(active, intent, answer: answer, lateBound: lateBound, now: now)
        case .pending:
            leave(active, .gatewayPending)
        case .unclear:
            leave(active, .unclear(status: intent.status))
        }
    }

    /// `failed` after two unchanged reads, 60 s apart, both later than `late-bound` after the last send.
    private mutating func unchanged(
        _ active: consuming ActiveRow, _ intent: PaymentIntent, answer: Answer, lateBound: Duration,
        now: Moment
    ) {
        let judgeableAt = active.lastOpenedAt.map { $0.advanced(by: Self.longestWayToWire + lateBound) }
        #if MUTANTS
        if PlantedBug.planted == .resolvedTooEarly {
            settle(active, .failed, .readBack, .unchangedForGood, after: intent, answer: answer, now: now)
            return
        }
        #endif
        guard let judgeableAt, now.wall >= judgeableAt, now.wall >= newestWall else {
            leave(active, .resolvableLater(judgeableAt ?? newestWall))
            return
        }
        let since = active.unchangedSince ?? now.monotonic
        if now.monotonic - since >= Self.unchangedSpan {
            settle(active, .failed, .readBack, .unchangedForGood, after: intent, answer: answer, now: now)
        } else {
            active.unchangedSince = since
            wait(active, until: since + Self.unchangedSpan, then: .read)
        }
    }

    /// The row stays unconfirmed, and out of memory.
    private mutating func leave(_ active: ActiveRow, _ reason: Rejection) {
        effects.append(.report(.staysUnconfirmed(row: active.row, reason)))
    }
}

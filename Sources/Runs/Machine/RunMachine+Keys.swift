import Instructions
import Pacing

/// What the gateway saved under our key, while the key is young: resolving.md, section 2.
extension RunMachine {
    /// Subtracted from the time the gateway keeps a key.
    static let keyMargin: Duration = .seconds(3600)
    /// A stored success this much older than the row's first attempt was somebody else's run of this input.
    static let earlierHostMargin: Duration = .seconds(300)

    /// Whether the row's newest key can still tell what became of it.
    func keyHelps(_ active: ActiveRow, now: Moment) -> Bool {
        guard profile.keyLifetime != nil, !active.keyIsSilent, let sentAt = active.keyFirstSentAt else {
            return false
        }
        #if MUTANTS
        if PlantedBug.planted == .keyAgeIgnored { return now.wall >= newestWall }
        let isBehind = now.wall < newestWall && PlantedBug.planted != .clockBackIgnored
        #else
        let isBehind = now.wall < newestWall
        #endif
        if isBehind { return false }
        let lifetime = rules.keyLifetimeMilliseconds.map { Duration.milliseconds($0) } ?? profile.keyLifetime
        guard let lifetime else { return false }
        return now.wall.since(sentAt) < lifetime - Self.keyMargin
    }

    /// 409 to our own call: an earlier request had the key, ours or another host's with the same input.
    mutating func keyUsed(_ active: consuming ActiveRow, now: Moment) {
        guard let open = active.open else { preconditionFailure("only a committed attempt is sent") }
        active.open?.answer = .keyUsed
        if active.firstAmbiguous == nil { active.firstAmbiguous = open.attempt }
        enqueue(active, keyHelps(active, now: now) ? .wantsStored : .wantsRead, first: true)
    }

    mutating func fetchStored(_ active: inout ActiveRow, _ lease: CallLease) {
        guard let open = active.open, case .change(let change) = open.request.call else {
            preconditionFailure("a stored response belongs to an open attempt")
        }
        active.step = .fetchingStored
        emit(request(.storedResponse(change)), row: active.row, closes: lease.closes, isRetry: false)
    }

    mutating func storedAnswered(_ active: consuming ActiveRow, _ answer: Answer, now: Moment) {
        #if MUTANTS
        if PlantedBug.planted == .failedFetchIsNothing, answer.kind == .ambiguous {
            nothingStored(active, now: now)
            return
        }
        #endif
        switch answer.kind {
        case .stored(let stored):
            judge(stored, active, answer, now: now)
        case .nothingStored:
            nothingStored(active, now: now)
        case .unauthorized:
            wait(active, until: now.monotonic, then: .stored)
        case .throttled(let retryAfter):
            pause(retryAfter, now: now)
            enqueue(active, .wantsStored, first: true)
        case .notSent, .ambiguous, .refused, .notFound, .intent, .keyUsed, .token, .credentialsRefused:
            // Retried, never taken for "nothing".
            if !health.isOut { active.storedTries += 1 }
            retryStored(active, now: now)
        }
    }

    private mutating func judge(
        _ stored: StoredResponse, _ active: consuming ActiveRow, _ answer: Answer, now: Moment
    ) {
        #if MUTANTS
        if PlantedBug.planted == .storedRefusalOfLaterKey { active.earlierKeyMayLand = false }
        #endif
        active.storedTries = 0
        guard stored.isToOurRequest else {
            settle(active, .unconfirmed, .none, .keyForeign, answer: stored.answer, now: now)
            return
        }
        guard let ask = active.ask, let first = active.firstAmbiguous else {
            preconditionFailure("only a row with an ambiguous attempt asks for stored responses")
        }
        switch stored.answer.kind {
        case .intent(let intent)
        where effectRules.shows(active.instruction, ask, in: intent, since: first.snapshot)
            || (isFromBefore(stored, active) && effectRules.holds(active.instruction.action, ask, in: intent)):
            active.open?.answer = .proven
            let isEarlier = wasMadeByEarlierRun(stored, active)
            settle(
                active, isEarlier ? .alreadyApplied : .applied, .storedResponse, nil, after: intent,
                answer: stored.answer, now: now)
        case .refused where active.earlierKeyMayLand:
            // Of that key alone: the request of an earlier one may have landed late and be the very reason.
            active.open?.answer = .refused
            active.refusedAfterAmbiguous = stored.answer
            active.keyIsSilent = true
            enqueue(active, .wantsRead, first: true)
        case .refused:
            active.open?.answer = .refused
            settle(
                active, .declined, .storedResponse, .declined(stored.answer), answer: stored.answer, now: now)
        case .unauthorized, .throttled:
            // That key is dead without effect: a late copy can only get 409.
            active.risesGeneration = true
            repeatOrReadLast(active)
        case .intent, .ambiguous, .keyUsed, .notSent, .notFound, .stored, .nothingStored, .token,
            .credentialsRefused:
            active.keyIsSilent = true
            enqueue(active, .wantsRead, first: true)
        }
    }

    private func isFromBefore(_ stored: StoredResponse, _ active: ActiveRow) -> Bool {
        guard let date = stored.date, let opened = active.firstAmbiguous?.openedAt else { return false }
        return date <= opened
    }

    private func wasMadeByEarlierRun(_ stored: StoredResponse, _ active: ActiveRow) -> Bool {
        guard let date = stored.date, let opened = active.firstOpenedAt else { return false }
        return date < opened.advanced(by: .zero - Self.earlierHostMargin)
    }

    /// Nothing is saved: the request never arrived, and may be repeated with the same key. After a 409 it is still
    /// in progress: ask again.
    private mutating func nothingStored(_ active: consuming ActiveRow, now: Moment) {
        #if MUTANTS
        if PlantedBug.planted == .inProgressIsNothing { active.open?.answer = .ambiguous }
        #endif
        if active.open?.answer == .keyUsed {
            active.storedTries += 1
            retryStored(active, now: now)
        } else if keyHelps(active, now: now) {
            repeatOrReadLast(active)
        } else {
            enqueue(active, .wantsRead, first: true)
        }
    }

    /// Sends without a read before it, under a key of which at most one request is processed; when attempts or the
    /// retry budget are spent, reads one last time.
    private mutating func repeatOrReadLast(_ active: consuming ActiveRow) {
        if active.sends < rules.attempts, hasBudget(active) {
            active.repeatsKey = true
            enqueue(active, .wantsSend, first: true)
        } else {
            active.readsLast = true
            enqueue(active, .wantsRead, first: true)
        }
    }

    private mutating func retryStored(_ active: consuming ActiveRow, now: Moment) {
        guard active.storedTries < rules.attempts, keyHelps(active, now: now) else {
            active.readsLast = active.storedTries >= rules.attempts
            active.keyIsSilent = true
            wait(active, until: now.monotonic, then: .read)
            return
        }
        let pause = backoff.delay(retry: max(0, active.storedTries - 1), using: &generator)
        wait(active, until: now.monotonic + max(.milliseconds(100), pause), then: .stored)
    }
}

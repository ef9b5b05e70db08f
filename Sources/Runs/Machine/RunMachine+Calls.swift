import DequeModule
import HeapModule
import Instructions
import Pacing

extension RunMachine {
    // MARK: Queues

    mutating func enqueue(_ active: consuming ActiveRow, _ step: ActiveRow.Step, first: Bool = false) {
        active.step = step
        active.stamp += 1
        rows[active.row] = active
        if first { ready.prepend(active.row) } else { ready.append(active.row) }
    }

    mutating func wait(_ active: consuming ActiveRow, until: Duration, then want: ActiveRow.Want) {
        active.step = .waiting(then: want)
        active.stamp += 1
        rows[active.row] = active
        waiting.insert(Wake(at: until, row: active.row, stamp: active.stamp))
    }

    mutating func wakeRows(now: Moment) {
        while let first = waiting.min, first.at <= now.monotonic {
            waiting.removeMin()
            guard rows[first.row]?.stamp == first.stamp, case .waiting(let want) = rows[first.row]?.step,
                let active = rows.removeValue(forKey: first.row)
            else { continue }
            switch want {
            case .read: enqueue(active, .wantsRead)
            case .send: enqueue(active, .wantsSend)
            case .stored: enqueue(active, .wantsStored)
            }
        }
    }

    // MARK: Leave to call

    mutating func leaseIfWanted(now: Moment) {
        guard !throttle.isOn(now), !isLeasing, !ready.isEmpty else { return }
        let allowed = health.allowance(
            concurrency: settings.concurrency, inFlight: inFlight, now: now.monotonic)
        let wanted =
            needsToken(now: now) ? (token.isFetching ? 0 : min(allowed, 1)) : min(allowed, ready.count)
        guard wanted > 0 else { return }
        isLeasing = true
        effects.append(.lease(upTo: wanted))
    }

    mutating func use(_ lease: CallLease, now: Moment) {
        isLeasing = false
        var left = lease.calls
        defer { giveBack(left, of: lease) }
        guard stopping == nil, !throttle.isOn(now), now.monotonic <= lease.closes else { return }
        let allowed = health.allowance(
            concurrency: settings.concurrency, inFlight: inFlight, now: now.monotonic)
        for _ in 0..<min(lease.calls, allowed) {
            if needsToken(now: now) {
                left -= 1
                fetchToken(lease)
                return
            }
            guard let row = ready.popFirst(), var active = rows.removeValue(forKey: row) else { break }
            left -= 1
            inFlight += 1
            switch active.step {
            case .wantsRead:
                read(&active, lease)
            case .wantsSend:
                // A snapshot or a key that has grown old meanwhile: the intent is read instead, with the same lease.
                if isStale(active, now: now) || repeatsOldKey(active, now: now) {
                    read(&active, lease)
                } else if active.firstAmbiguous != nil, !hasBudget(active) {
                    // Other rows took what was left of the budget since this one was to be repeated.
                    active.readsLast = active.repeatsKey
                    read(&active, lease)
                } else if let beyond = countSum(&active) {
                    left += 1
                    inFlight -= 1
                    wait(active, until: now.monotonic, then: .read)
                    return stop(beyond, now: now)
                } else {
                    open(&active, lease, now: now)
                }
            case .wantsStored:
                fetchStored(&active, lease)
            case .wantsSlot:
                // A repetition under a young key needs no read: of all with that key one is processed.
                let repeatsKey = active.firstAmbiguous != nil && keyHelps(active, now: now)
                if repeatsKey, hasWaitedLong(active, now: now) {
                    withdraw(&active, now: now)
                    fetchStored(&active, lease)
                } else if isStale(active, now: now), !repeatsKey {
                    withdraw(&active, now: now)
                    read(&active, lease)
                } else if hasWaitedLong(active, now: now) {
                    withdraw(&active, now: now)
                    open(&active, lease, now: now)
                } else {
                    send(&active, closes: lease.closes, now: now)
                }
            case .waiting, .reading, .fetchingStored, .opening, .sending, .settling:
                preconditionFailure("a row in `ready` wants a call")
            }
            rows[row] = active
        }
    }

    /// Counts the row's amount before its first attempt; why the run must stop instead, if it must.
    private mutating func countSum(_ active: inout ActiveRow) -> Stop? {
        guard active.counted == nil, let amount = active.ask?.amount else { return nil }
        guard sumBound.allows(amount) else { return sumBound.stop(before: amount) }
        sumBound.count(amount)
        active.counted = amount
        return nil
    }

    private mutating func giveBack(_ calls: Int, of lease: CallLease) {
        if calls > 0 { effects.append(.giveBack(calls, of: lease)) }
    }

    /// The one call that an attempt was opened for was not started.
    mutating func giveBack(slotCloses: Duration) {
        giveBack(1, of: CallLease(calls: 1, closes: slotCloses))
    }

    private func isStale(_ active: ActiveRow, now: Moment) -> Bool {
        if active.repeatsKey || (rules.preflight == .never && active.firstAmbiguous == nil) { return false }
        #if MUTANTS
        if PlantedBug.planted == .staleSnapshot { return active.snapshotAt == nil }
        #endif
        guard let readAt = active.snapshotAt else { return true }
        return now.monotonic - readAt > Self.snapshotLifetime
    }

    /// Whether its attempt was opened so long ago that whoever finds it would take it for long sent.
    private func hasWaitedLong(_ active: ActiveRow, now: Moment) -> Bool {
        guard let open = active.open else { return false }
        #if MUTANTS
        if PlantedBug.planted == .missedSlotSent { return false }
        #endif
        return now.wall.since(open.attempt.openedAt) > Self.snapshotLifetime
    }

    /// Whether it was to go on under a key that meanwhile can no longer be trusted.
    private func repeatsOldKey(_ active: ActiveRow, now: Moment) -> Bool {
        #if MUTANTS
        if PlantedBug.planted == .keyAgesInQueue { return false }
        #endif
        return active.repeatsKey && !active.risesGeneration && !keyHelps(active, now: now)
    }

    private mutating func read(_ active: inout ActiveRow, _ lease: CallLease) {
        active.step = .reading
        active.repeatsKey = false
        emit(
            request(.read(intentID: active.instruction.intentID)), row: active.row, closes: lease.closes,
            isRetry: false)
    }

    mutating func send(_ active: inout ActiveRow, closes: Duration, now: Moment) {
        guard let open = active.open else { preconditionFailure("only a committed attempt is sent") }
        active.step = .sending
        active.open?.sentAt = now.monotonic
        active.sends += 1
        emit(open.request, row: active.row, closes: closes, isRetry: active.lastNumber > 1)
    }

    mutating func emit(_ request: GatewayRequest, row: Int?, closes: Duration, isRetry: Bool) {
        calls[nextCall] = OpenCall(row: row, token: token.number, closes: closes)
        effects.append(.send(call: nextCall, request, closes: closes, isRetry: isRetry))
        nextCall += 1
    }

    /// The call was not started in time: it waits for leave again, before the others.
    mutating func missed(_ call: Int, now: Moment) {
        guard let call = calls.removeValue(forKey: call) else {
            preconditionFailure("a call is missed or answered, once")
        }
        inFlight -= 1
        giveBack(slotCloses: call.closes)
        guard let row = call.row else {
            token.isFetching = false
            return
        }
        var active = takeOut(row)
        switch active.step {
        case .sending:
            active.open?.sentAt = nil
            active.sends -= 1
            putOff(active, now: now)
        case .reading: enqueue(active, .wantsRead, first: true)
        case .fetchingStored: enqueue(active, .wantsStored, first: true)
        case .wantsRead, .wantsSend, .wantsStored, .wantsSlot, .waiting, .opening, .settling:
            preconditionFailure("only a row that calls misses its lease")
        }
    }

    // MARK: Attempts

    /// Commits the row's next attempt; in the same unit the ambiguous one before it is closed.
    private mutating func open(_ active: inout ActiveRow, _ lease: CallLease, now: Moment) {
        precondition(purpose == .execute, "resolving never sends a money-changing call")
        guard let ask = active.ask else { preconditionFailure("a row is judged before it is sent") }
        var writes: [RunWrite] = []
        if let closing = closing(of: active, now: now) { writes.append(.close(closing)) }
        #if MUTANTS
        if PlantedBug.planted == .secondOpenAttempt { writes = [] }
        #endif
        if active.risesGeneration {
            // A key that is dead without effect is followed without a read; any other may still be on its way.
            if active.firstAmbiguous != nil, !active.repeatsKey { active.earlierKeyMayLand = true }
            active.generation += 1
            active.keyFirstSentAt = nil
            active.keyIsSilent = false
        }
        active.risesGeneration = false
        let key = "\(keyBase)-\(active.row)-\(active.generation)"
        let change = change(active.instruction, ask, key: key)
        let request = request(.change(change))
        var attempt = Attempt(
            row: active.row, number: active.lastNumber + 1, generation: active.generation, key: key,
            action: change.action, intentID: change.intentID,
            snapshot: snapshotToFreeze(active),
            amount: ask.amount, lines: ask.lines, body: request.body, openedAt: now.wall,
            timeout: settings.timeout, answer: nil)
        attempt.isBudgeted = active.firstAmbiguous != nil && !active.isBudgetExempt
        if attempt.isBudgeted { retryBudget.spend() }
        active.isBudgetExempt = false
        active.repeatsKey = false
        active.keyFirstSentAt = active.keyFirstSentAt ?? now.wall
        active.firstOpenedAt = active.firstOpenedAt ?? now.wall
        #if MUTANTS
        let opening = ActiveRow.OpenAttempt(attempt: attempt, request: request)
        if active.open == nil, plantedSend(&active, opening, lease, now: now) { return }
        #endif
        writes.append(.open(attempt))
        active.opening = ActiveRow.OpenAttempt(attempt: attempt, request: request)
        active.step = .opening
        commit(writes, for: .open(row: active.row, slotCloses: lease.closes))
    }

    /// What a money-changing call for the row says.
    func change(_ instruction: Instruction, _ ask: Ask, key: String) -> Change {
        Change(
            action: instruction.action, intentID: instruction.intentID,
            amount: ask.isOnWire ? ask.amount : nil, lines: ask.isOnWire ? ask.lines : [],
            reason: instruction.action == .cancel ? instruction.reason : nil,
            externalData: instruction.externalData, key: key)
    }

    /// A repetition under the same key was not preceded by a read: it keeps what the first one was judged by.
    private func snapshotToFreeze(_ active: ActiveRow) -> PaymentIntent? {
        #if MUTANTS
        if PlantedBug.planted == .lastSnapshot { return active.snapshot }
        #endif
        if active.repeatsKey { return active.firstAmbiguous?.snapshot }
        return rules.preflight == .never && active.firstAmbiguous == nil ? nil : active.snapshot
    }

    func closing(of active: ActiveRow, now: Moment) -> AttemptClosing? {
        guard let open = active.open else { return nil }
        return AttemptClosing(
            row: active.row, number: open.attempt.number, answer: open.answer,
            httpStatus: open.httpStatus, gatewayCode: open.gatewayCode, closedAt: now.wall)
    }

    mutating func commit(_ writes: [RunWrite], for purpose: UnitPurpose, isByState: Bool = false) {
        units[nextUnit] = purpose
        effects.append(.commit(WriteUnit(id: nextUnit, writes: writes, isByState: isByState)))
        nextUnit += 1
    }
}

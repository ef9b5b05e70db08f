import Instructions
import Pacing

extension RunMachine {
    mutating func answered(_ call: Int, _ answer: Answer, now: Moment) {
        guard let call = calls.removeValue(forKey: call) else {
            preconditionFailure("a call is answered once")
        }
        inFlight -= 1
        noteHealth(answer, ofToken: call.row == nil, now: now)
        guard let row = call.row else {
            tokenAnswered(answer, now: now)
            return
        }
        let active = takeOut(row)
        if answer.kind == .unauthorized { unauthorized(call, answer, now: now) }
        switch active.step {
        case .sending: changeAnswered(active, answer, now: now)
        case .reading where stopping != nil: wait(active, until: now.monotonic, then: .read)
        case .fetchingStored where stopping != nil: wait(active, until: now.monotonic, then: .stored)
        case .reading: readAnswered(active, answer, now: now)
        case .fetchingStored: storedAnswered(active, answer, now: now)
        case .wantsRead, .wantsSend, .wantsStored, .wantsSlot, .waiting, .opening, .settling:
            preconditionFailure("only a row that called is answered")
        }
    }

    // MARK: Money-changing calls (resolving.md, section 1)

    private mutating func changeAnswered(_ active: consuming ActiveRow, _ answer: Answer, now: Moment) {
        active.open?.httpStatus = answer.httpStatus
        active.open?.gatewayCode = answer.gatewayCode
        guard let ask = active.ask else { preconditionFailure("a row is judged before it is sent") }
        #if MUTANTS
        if plantedRefusal(active, answer) {
            settle(active, .declined, .response, .declined(answer), answer: answer, now: now)
            return
        }
        #endif
        switch answer.kind {
        case .intent(let intent)
        where effectRules.shows(active.instruction, ask, in: intent, since: active.open?.attempt.snapshot):
            active.open?.answer = .proven
            settle(active, .applied, .response, nil, after: intent, answer: answer, now: now)
        case .refused where active.firstAmbiguous == nil:
            active.open?.answer = .refused
            settle(active, .declined, .response, .declined(answer), answer: answer, now: now)
        case .refused:
            // The first attempt may have landed late and be the very reason: resolve.
            active.open?.answer = .refused
            active.refusedAfterAmbiguous = answer
            enqueue(active, keyHelps(active, now: now) ? .wantsStored : .wantsRead, first: true)
        case .notSent:
            active.unsentTries += 1
            let pause = backoff.delay(retry: active.unsentTries - 1, using: &generator)
            notProcessed(active, as: .notSent, until: now.monotonic + pause, now: now)
        case .throttled(let retryAfter):
            pause(retryAfter, now: now)
            notProcessed(active, as: .throttled, until: now.monotonic, now: now)
        case .unauthorized:
            notProcessed(active, as: .unauthorized, until: now.monotonic, now: now)
        case .keyUsed:
            keyUsed(active, now: now)
        case .intent, .ambiguous, .notFound, .stored, .nothingStored, .token, .credentialsRefused:
            ambiguous(active, now: now)
        }
    }

    /// Answers that say this request was not processed: it is sent again, but after an ambiguous attempt only
    /// when the intent was read (section 3 first).
    private mutating func notProcessed(
        _ active: consuming ActiveRow, as answer: AnswerClass, until: Duration, now: Moment
    ) {
        active.sends -= 1
        active.open?.answer = answer
        giveBackBudget(active)
        if active.firstAmbiguous == nil, let closing = closing(of: active, now: now) {
            commit([.close(closing)], for: .close)
            active.open = nil
        }
        // With a young key the same request may be repeated: of all with that key one is processed.
        active.repeatsKey = active.firstAmbiguous != nil && keyHelps(active, now: now)
        wait(active, until: until, then: active.firstAmbiguous == nil || active.repeatsKey ? .send : .read)
    }

    private mutating func ambiguous(_ active: consuming ActiveRow, now: Moment) {
        guard let open = active.open else { preconditionFailure("only a committed attempt is sent") }
        active.open?.answer = .ambiguous
        if active.firstAmbiguous == nil { active.firstAmbiguous = open.attempt }
        let sentAt = open.sentAt ?? now.monotonic
        #if MUTANTS
        if plantedResend(active, at: sentAt + settings.timeout + Self.settleMargin, now: now) { return }
        #endif
        wait(
            active, until: sentAt + settings.timeout + Self.settleMargin,
            then: keyHelps(active, now: now) ? .stored : .read)
    }

    // MARK: Reads

    private mutating func readAnswered(_ active: consuming ActiveRow, _ answer: Answer, now: Moment) {
        if case .resolve(let lateBound) = purpose {
            lateReadAnswered(active, answer, lateBound: lateBound, now: now)
            return
        }
        switch answer.kind {
        case .intent(let intent):
            active.failedReads = 0
            active.snapshot = intent
            active.snapshotAt = now.monotonic
            #if MUTANTS
            if PlantedBug.planted == .preflightAfterAmbiguous,
                effectRules.isWholeDone(active.instruction.action, in: intent)
            {
                judgeBeforeActing(active, intent, now: now)
                return
            }
            #endif
            if active.firstAmbiguous == nil {
                judgeBeforeActing(active, intent, now: now)
            } else {
                resolve(active, intent, answer: answer, now: now)
            }
        case .notFound where active.firstAmbiguous == nil:
            settle(active, .rejected, .rule, .intentNotFound, answer: answer, now: now)
        case .notFound:
            settle(active, .unconfirmed, .none, .intentNotReadable, answer: answer, now: now)
        case .unauthorized:
            wait(active, until: now.monotonic, then: .read)
        case .throttled(let retryAfter):
            pause(retryAfter, now: now)
            enqueue(active, .wantsRead, first: true)
        case .notSent, .ambiguous, .refused, .keyUsed, .stored, .nothingStored, .token, .credentialsRefused:
            readFailed(active, answer, now: now)
        }
    }

    private mutating func readFailed(_ active: consuming ActiveRow, _ answer: Answer, now: Moment) {
        // During an outage nothing counts against the row.
        if !health.isOut { active.failedReads += 1 }
        guard active.failedReads < rules.attempts else {
            let isSafe = active.firstAmbiguous == nil
            settle(
                active, isSafe ? .failed : .unconfirmed, isSafe ? .rule : .none,
                isSafe ? .readFailed : .intentNotReadable, answer: answer, now: now)
            return
        }
        let pause = backoff.delay(retry: max(0, active.failedReads - 1), using: &generator)
        wait(active, until: now.monotonic + pause, then: .read)
    }

    // MARK: The account

    private mutating func noteHealth(_ answer: Answer, ofToken: Bool, now: Moment) {
        let reached: Bool
        switch answer.kind {
        case .ambiguous where ofToken:
            // Without a token nothing can be called: one is enough.
            reached = false
        case .notSent:
            reached = false
        case .ambiguous where (answer.httpStatus ?? 500) >= 500:
            reached = true
        case .throttled:
            if health.answered() { effects.append(.report(.outageEnded)) }
            return
        case .intent, .notFound, .refused, .unauthorized, .ambiguous, .keyUsed, .stored, .nothingStored,
            .token,
            .credentialsRefused:
            throttle.answered()
            if health.answered() { effects.append(.report(.outageEnded)) }
            return
        }
        let begins = health.failed(
            reached: reached, message: answer.message, now: now.monotonic, generator: &generator)
        if begins, let givesUpAt = health.givesUpAt {
            effects.append(
                .report(
                    .outageBegan(
                        message: answer.message ?? "no answer",
                        givesUpAt: now.wall.advanced(by: givesUpAt - now.monotonic))))
        }
    }

    /// No call of the account starts before the gateway wants one.
    mutating func pause(_ retryAfter: RetryAfter?, now: Moment) {
        guard let pause = throttle.begin(retryAfter, now: now) else { return }
        effects.append(.pause(until: pause.until))
        let until = now.wall.advanced(by: pause.until - now.monotonic)
        effects.append(.report(.paused(until: until, asked: pause.asked)))
    }
}

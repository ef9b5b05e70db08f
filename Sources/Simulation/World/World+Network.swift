import Instructions
import Pacing
import Runs

/// The network: every call leaves, and one answer comes back to it, if only that none came in time.
extension World {
    func send(_ call: Int, _ request: GatewayRequest, _ run: Int) throws(Violation) {
        var cause: Cause?
        if case .change(let change) = request.call {
            guard !processes[run].isResolving else {
                throw Violation(.resolveSendsNothing, "\(change.key) is sent while resolving")
            }
            cause = try judge.checkSend(request, change, run, store: store, now: moment)
            counts.changes += 1
        } else {
            counts.reads += 1
        }
        var wire = Wire(
            run: run, execution: processes[run].execution, call: call, request: request, cause: cause,
            token: processes[run].token, sentAt: now)
        processes[run].openCalls[call] = wire
        note("\(scenario.runs[run].name): send \(describe(wire))")
        if stormUntil > now {
            weather(wire)
            return
        }
        if happens(.storm) {
            stormUntil = now + random.milliseconds(1000...random.pick([20_000, 1_200_000]))
            lastFaultAt = max(lastFaultAt, stormUntil)
            storm = random.pick(Storm.allCases)
        }
        let intentID = request.call.intentID
        if happens(.refusedConnection, on: intentID) {
            queue.plan(.answers(wire, Answer(.notSent, message: "refused")), at: soon)
            return
        }
        queue.plan(.givesUp(wire), at: now + scenario.timeout)
        if cause == nil {
            if happens(.readFailed, on: intentID) { failRead(wire) } else { arrive(wire, at: soon) }
            return
        }
        if happens(.requestLost, on: intentID) {
            resetSometimes(wire)
        } else if happens(.requestLate, on: intentID) {
            resetSometimes(wire)
            wire.isUnheard = true
            let late = random.pick([scenario.timeout * 2, .seconds(600), Scenario.lateBound])
            arrive(wire, at: now + .milliseconds(random.draw(10...Int(late.wholeMilliseconds))))
        } else {
            if happens(.answerLost, on: intentID) {
                resetSometimes(wire)
                wire.isUnheard = true
            }
            arrive(wire, at: soon)
            double(wire)
        }
    }

    private func double(_ wire: Wire) {
        guard happens(.requestDoubled, on: wire.request.call.intentID) else { return }
        var copy = wire
        copy.isUnheard = true
        let late = random.pick([100, 60_000, Int(Scenario.lateBound.wholeMilliseconds)])
        arrive(copy, at: now + random.milliseconds(0...late))
    }

    private func arrive(_ wire: Wire, at time: Duration) { queue.plan(.arrives(wire), at: time) }

    var soon: Duration { now + random.milliseconds(scenario.latency) }

    /// A lost connection shows itself at any time before the deadline.
    private func resetSometimes(_ wire: Wire) {
        guard random.chance(perMille: 500) else { return }
        let longest = Int(scenario.timeout.wholeMilliseconds)
        queue.plan(
            .answers(wire, Answer(.ambiguous, message: "reset")), at: now + random.milliseconds(0...longest))
    }

    private func failRead(_ wire: Wire) {
        guard random.chance(perMille: 700) else { return }
        queue.plan(.answers(wire, Answer(.ambiguous, httpStatus: 500)), at: soon)
    }

    /// The whole account fails; nothing reaches the gateway's desk.
    private func weather(_ wire: Wire) {
        judge.note(.storm, on: wire.request.call.intentID)
        let answer =
            switch storm {
            case .errors: Answer(.ambiguous, httpStatus: 503)
            case .throttles: Answer(.throttled(retryAfter()), httpStatus: 429)
            case .refusedConnections: Answer(.notSent, message: "refused")
            }
        queue.plan(.answers(wire, answer), at: soon)
    }

    func retryAfter() -> RetryAfter? {
        random.pick([nil, .after(.seconds(1)), .after(.seconds(30)), .after(.seconds(900)), .at(gatewayWall)])
    }

    // MARK: Answers

    /// The first one to a call counts; later ones find nobody.
    func answers(_ wire: Wire, _ answer: Answer) throws(Violation) {
        guard isAlive(wire.run, wire.execution), processes[wire.run].openCalls[wire.call] != nil else {
            return
        }
        processes[wire.run].openCalls[wire.call] = nil
        note("\(scenario.runs[wire.run].name): answer to \(wire.call): \(describe(answer))")
        if case .token = answer.kind { processes[wire.run].token = gateway.issueToken() }
        judge.answered(wire, answer, now: moment)
        try tell(wire.run, .answered(call: wire.call, answer))
    }

    private func describe(_ wire: Wire) -> String {
        let body = String(decoding: wire.request.body, as: UTF8.self)
        return "call \(wire.call) \(wire.request.path) \(body) \(wire.cause.map { $0.key } ?? "")"
    }

    private func describe(_ answer: Answer) -> String {
        switch answer.kind {
        case .intent(let intent): describe(intent)
        case .stored(let stored): "stored: " + describe(stored.answer)
        default: "\(answer.kind)"
        }
    }

    private func describe(_ intent: PaymentIntent) -> String {
        let lines = intent.lines.map { "\($0.id):\($0.total)-\($0.captured)-\($0.cancelled)" }
        let captures = intent.captures.map { "\($0.id):\($0.minorUnits)" }
        return "\(intent.id) is \(intent.status) captured \(intent.captured.map { "\($0)" } ?? "nil") "
            + "\(lines) \(captures) \(intent.cancellationReason ?? "")"
    }
}

import Instructions
import Pacing
import Runs

/// The gateway's desk: what becomes of a request that arrived.
extension World {
    func arrives(_ wire: Wire) {
        switch wire.request.call {
        case .token: respond(wire, tokenAnswer())
        case .read(let id): respond(wire, accessAnswer(wire) ?? readAnswer(id))
        case .storedResponse(let change): respond(wire, accessAnswer(wire) ?? storedAnswer(change))
        case .change(let change): changeArrives(wire, change)
        }
    }

    private func respond(_ wire: Wire, _ answer: Answer) {
        guard !wire.isUnheard else { return }
        queue.plan(.answers(wire, answer), at: soon)
    }

    // MARK: Calls that change nothing

    private func tokenAnswer() -> Answer {
        if happens(.credentials) {
            credentialsRefused = true
            queue.plan(.credentialsReturn, at: now + random.milliseconds(1000...600_000))
        }
        if credentialsRefused { return Answer(.credentialsRefused, httpStatus: 401) }
        return Answer(.token(lifetime: .seconds(random.pick([20, 300, 1200]))), httpStatus: 200)
    }

    /// 401 and 429, which every call may meet.
    private func accessAnswer(_ wire: Wire) -> Answer? {
        if happens(.unauthorized, on: wire.request.call.intentID) {
            gateway.revokeTokens()
            if scenario.kind == .keyless { return Answer(.unauthorized, httpStatus: 401) }
        }
        guard gateway.takes(token: wire.token) else { return Answer(.unauthorized, httpStatus: 401) }
        if happens(.throttled, on: wire.request.call.intentID) {
            return Answer(.throttled(retryAfter()), httpStatus: 429)
        }
        return nil
    }

    private func readAnswer(_ id: String) -> Answer {
        if happens(.readMissing, on: id) { return Answer(.notFound, httpStatus: 404) }
        guard let intent = gateway.shown(id) else { return Answer(.notFound, httpStatus: 404) }
        return Answer(.intent(intent), httpStatus: 200)
    }

    private func storedAnswer(_ change: Runs.Change) -> Answer {
        if happens(.storedFailed, on: change.intentID) { return Answer(.ambiguous, httpStatus: 500) }
        if scenario.faults[.keyForgotten] > 0, gateway.forgets(change.key, now: now),
            happens(.keyForgotten, on: change.intentID)
        {
            gateway.forget(change.key)
        }
        return gateway.stored(under: change.key, path: SimulatedRequest.path(of: change), now: now)
    }

    // MARK: Changes

    private func changeArrives(_ wire: Wire, _ change: Runs.Change) {
        if let refused = accessAnswer(wire) {
            if scenario.kind == .keyed, happens(.keyBurnt, on: change.intentID),
                gateway.reserve(change.key, path: wire.request.path, now: now)
            {
                gateway.keep(refused, under: change.key, date: gatewayWall)
            }
            respond(wire, refused)
            return
        }
        // Before the key is looked at: nothing is stored.
        if happens(.serverError, on: change.intentID) {
            let error = Answer(.ambiguous, httpStatus: 500)
            if random.chance(perMille: 500) {
                if gateway.reserve(change.key, path: wire.request.path, now: now) {
                    gateway.keep(error, under: change.key, date: gatewayWall)
                } else {
                    respond(wire, Answer(.keyUsed, httpStatus: 409))
                    return
                }
            }
            respond(wire, error)
            return
        }
        guard gateway.reserve(change.key, path: wire.request.path, now: now) else {
            respond(wire, Answer(.keyUsed, httpStatus: 409))
            return
        }
        var at = now + random.milliseconds(0...scenario.latency.upperBound)
        if happens(.slow, on: change.intentID) {
            at = now + random.milliseconds(0...random.pick([100_000, 3_600_000]))
        }
        // No later than what is promised of a lost request.
        queue.plan(.processed(wire), at: min(at, max(now, wire.sentAt + Scenario.lateBound)))
    }

    func processed(_ wire: Wire) {
        guard case .change(let change) = wire.request.call else { return }
        let answer = act(wire, change)
        gateway.keep(answer, under: change.key, date: gatewayWall)
        respond(wire, answer)
    }

    private func wish(_ change: Runs.Change) -> Wish {
        Wish(
            action: change.action, amount: change.amount?.minorUnits, lines: change.lines,
            reason: change.reason)
    }

    private func act(_ wire: Wire, _ change: Runs.Change) -> Answer {
        let id = change.intentID
        let wish = wish(change)
        let before = gateway.shown(id)
        guard let promised = gateway.pretend(wish, to: id) else {
            note("gateway refuses \(change.key)")
            return Answer(.refused, httpStatus: 400, gatewayCode: "no", message: "not allowed")
        }
        if happens(.whim, on: id) { return Answer(.refused, httpStatus: 403, message: "not today") }
        if happens(.falseClaim, on: id) {
            if let cause = wire.cause { judge.rows[cause.run][cause.row - 1].isClaimed = true }
            return Answer(.intent(promised), httpStatus: 200)
        }
        if happens(.errorThenEffect, on: id) {
            queue.plan(.lateEffect(wire), at: min(now + random.milliseconds(0...600_000), lastArrival(wire)))
            return Answer(.ambiguous, httpStatus: 500)
        }
        if happens(.showsNoEffect, on: id) {
            if random.chance(perMille: 500) { book(wire, wish) }
            return before.map { Answer(.intent($0), httpStatus: 200) } ?? Answer(.ambiguous)
        }
        if happens(.wrongID, on: id) {
            if random.chance(perMille: 500) { book(wire, wish) }
            return Answer(.ambiguous, httpStatus: 200, message: "another intent")
        }
        if scenario.kind == .keyless, happens(.pending, on: id), let phase = gateway.hold(wish, on: id) {
            queue.plan(.pendingEnds(wire, before: phase), at: now + random.milliseconds(1000...1_800_000))
            return gateway.shown(id).map { Answer(.intent($0), httpStatus: 200) } ?? Answer(.ambiguous)
        }
        let shown = book(wire, wish)
        if happens(.effectThenError, on: id) { return Answer(.ambiguous, httpStatus: 500) }
        return shown.map { Answer(.intent($0), httpStatus: 200) } ?? Answer(.ambiguous)
    }

    private func lastArrival(_ wire: Wire) -> Duration { max(now, wire.sentAt + Scenario.lateBound) }

    @discardableResult
    private func book(_ wire: Wire, _ wish: Wish) -> PaymentIntent? {
        guard let cause = wire.cause, let id = wire.request.call.intentID else { return nil }
        let shown = gateway.apply(wish, to: id, cause: cause, now: now)
        if shown != nil {
            note(
                "gateway books \(wish.action.rawValue) \(wish.amount.map { "\($0)" } ?? "all") for \(cause.key)"
            )
            judge.booked(cause, isKeyForgotten: gateway.forgotten.contains(cause.key))
        }
        return shown
    }

    func lateEffect(_ wire: Wire) {
        guard case .change(let change) = wire.request.call else { return }
        book(wire, wish(change))
    }

    func pendingEnds(_ wire: Wire, before: SimulatedIntent.Phase) {
        guard case .change(let change) = wire.request.call else { return }
        switch random.draw(0...3) {
        case 0: gateway.release(change.intentID, as: .failed)
        case 1: gateway.release(change.intentID, as: before)
        default:
            gateway.release(change.intentID, as: before)
            book(wire, wish(change))
        }
    }
}

import Instructions
package import Runs

/// What every `Gateway` must do, whatever provider is behind it. Imports no test library: a check returns what it
/// found wrong.
package struct GatewayConformance: Sendable {
    private let gateway: any Gateway
    private let timeout: Duration = .seconds(10)

    /// - Parameter gateway: its account has the authorized, untouched intents `subjects`, and none called `unknown`.
    package init(_ gateway: any Gateway) { self.gateway = gateway }

    /// Intents that the account must have; each check uses its own.
    package static let subjects = ["subject_cancel", "subject_capture", "subject_reason", "subject_read"]
    private static let unknown = "subject_unknown"

    /// Runs all checks, in order.
    package func findings() async -> [String] {
        var found = await prepare()
        guard found.isEmpty else { return found }
        found += requestsArePure()
        found += await reads()
        found += await changes(.cancel, Self.subjects[0], then: .capture)
        found += await changes(.capture, Self.subjects[1], then: .cancel)
        found += await reasons()
        found += await stored()
        return found
    }

    private func prepare() async -> [String] {
        guard gateway.profile.usesTokens else { return [] }
        let before = await send(.read(intentID: Self.subjects[3]))
        let token = await send(.token)
        var found: [String] = []
        if before.kind != .unauthorized { found.append("a call without a token is \(before.kind)") }
        guard case .token(let lifetime) = token.kind, lifetime > .zero else {
            return found + ["the token call is \(token.kind)"]
        }
        return found
    }

    private func requestsArePure() -> [String] {
        let calls: [GatewayCall] = [
            .read(intentID: "a"), .change(change(.cancel, "a")), .change(change(.capture, "a")),
        ]
        return calls.filter {
            gateway.request(for: $0) != gateway.request(for: $0) || gateway.request(for: $0).call != $0
        }
        .map { "the request of \($0) is not the same twice" }
    }

    private func reads() async -> [String] {
        var found: [String] = []
        let known = await send(.read(intentID: Self.subjects[3]))
        if case .intent(let intent) = known.kind {
            if intent.id != Self.subjects[3] { found.append("a read gives another intent: \(intent.id)") }
            if gateway.profile.state(of: intent.status) != .authorized {
                found.append("it is \(intent.status)")
            }
            if intent.amount.minorUnits <= 0 { found.append("it has no amount") }
        } else {
            found.append("the read of a known intent is \(known.kind)")
        }
        let unknown = await send(.read(intentID: Self.unknown))
        if unknown.kind != .notFound { found.append("the read of an unknown intent is \(unknown.kind)") }
        return found
    }

    /// The change takes effect, a read shows it, and neither it nor its opposite is taken a second time.
    private func changes(_ action: Action, _ id: String, then opposite: Action) async -> [String] {
        var found: [String] = []
        let effects = Effects(profile: gateway.profile)
        let first = await send(.change(change(action, id)))
        for (name, answer) in [("answer", first), ("read", await send(.read(intentID: id)))] {
            guard case .intent(let intent) = answer.kind, effects.isWholeDone(action, in: intent) else {
                found.append("the \(name) after a \(action.rawValue) shows \(answer.kind)")
                continue
            }
        }
        for second in [action, opposite] {
            let again = await send(.change(change(second, id, number: 2)))
            if again.kind != .refused {
                found.append("a \(second.rawValue) after a \(action.rawValue) is \(again.kind)")
            }
            if again.gatewayCode == nil { found.append("its refusal has no code") }
        }
        let missing = await send(.change(change(action, Self.unknown)))
        if missing.kind != .refused {
            found.append("a \(action.rawValue) of an unknown intent is \(missing.kind)")
        }
        return found
    }

    private func reasons() async -> [String] {
        guard gateway.profile.sendsCancellationReason else { return [] }
        let reason = "Käufer sagte: \"nein\", danke"
        let answer = await send(.change(change(.cancel, Self.subjects[2], reason: reason)))
        guard case .intent(let intent) = answer.kind, intent.cancellationReason == reason else {
            return ["the reason does not come back: \(answer.kind)"]
        }
        return []
    }

    private func stored() async -> [String] {
        guard gateway.profile.keyLifetime != nil else { return [] }
        var found: [String] = []
        let made = change(.cancel, Self.subjects[2])
        _ = await send(.change(made))
        let again = await send(.change(made))
        if again.kind != .keyUsed { found.append("a key used again is \(again.kind)") }
        let kept = await send(.storedResponse(made))
        if case .stored(let response) = kept.kind, case .intent(let intent) = response.answer.kind {
            if !response.isToOurRequest { found.append("the stored response is to another request") }
            if intent.id != made.intentID { found.append("the stored response shows another intent") }
        } else {
            found.append("the stored response is \(kept.kind)")
        }
        let never = await send(.storedResponse(change(.cancel, Self.subjects[3], number: 9)))
        if never.kind != .nothingStored { found.append("a key never used is \(never.kind)") }
        return found
    }

    private func send(_ call: GatewayCall) async -> Answer {
        await gateway.send(gateway.request(for: call), timeout: timeout)
    }

    private func change(
        _ action: Action, _ id: String, reason: String? = nil, number: Int = 1
    ) -> Change {
        // Keys differ wherever the request does.
        let key = "conformance-\(action.rawValue)-\(id.suffix(8).filter { $0 != "_" })-\(number)"
        return Change(
            action: action, intentID: id, amount: nil, lines: [], reason: reason, externalData: nil,
            key: String(key.prefix(36)))
    }
}

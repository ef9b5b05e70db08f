package import Instructions

/// The state rules of contract, section 4: what may be done to an intent as it was read just before acting.
/// All of them are computed from the gateway's profile.
package struct StateRules: Sendable {
    package enum Verdict: Hashable, Sendable {
        case act(Ask)
        case alreadyApplied(Ask)
        case rejected(Rejection)
        /// The gateway is still working on the intent: ask again.
        case pending
    }

    package let profile: GatewayProfile

    package init(profile: GatewayProfile) { self.profile = profile }

    /// - Parameter sameActionInFile: whether an earlier row of this file has this action on this intent, so that
    ///   the state alone does not show that somebody did it before.
    package func judge(
        _ instruction: Instruction, against intent: PaymentIntent, sameActionInFile: Bool
    ) -> Verdict {
        if let currency = instruction.requested.currency, currency != intent.amount.currency {
            return .rejected(.currencyMismatch(row: currency, intent: intent.amount.currency))
        }
        guard instruction.lineItems.isEmpty else { return .rejected(.lineItemsUnsupported(profile.gateway)) }
        switch instruction.requested {
        case .exactly(let money) where money.minorUnits > intent.amount.minorUnits:
            return .rejected(.amountExceedsRemaining(asked: money, remaining: intent.amount))
        case .exactly(let money) where money != intent.amount:
            return judgePartial(instruction.action, money, intent)
        case .exactly, .everything:
            return judgeWhole(instruction.action, intent, sameActionInFile: sameActionInFile)
        }
    }

    private func judgeWhole(
        _ action: Action, _ intent: PaymentIntent, sameActionInFile: Bool
    ) -> Verdict {
        let ask = Ask(isWhole: true, amount: intent.amount)
        let state = profile.state(of: intent.status)
        if state == .pending { return .pending }
        if Effects(profile: profile).shows(action, ask, in: intent) {
            return sameActionInFile ? .rejected(.duplicate(action)) : .alreadyApplied(ask)
        }
        guard profile.allows(action, from: state) else {
            return .rejected(.stateNotAllowed(action, status: intent.status, profile: profile))
        }
        return .act(ask)
    }

    private func judgePartial(_ action: Action, _ amount: Money, _ intent: PaymentIntent) -> Verdict {
        let rule = action == .cancel ? profile.partialCancel : profile.partialCapture
        guard rule == .final else {
            return .rejected(action == .cancel ? .partialCancelUnsupported : .partialCaptureUnverified)
        }
        let state = profile.state(of: intent.status)
        if state == .pending { return .pending }
        if state == .captured { return .rejected(.nothingRemains(status: intent.status)) }
        guard profile.allows(action, from: state) else {
            return .rejected(.stateNotAllowed(action, status: intent.status, profile: profile))
        }
        return .act(Ask(isWhole: false, amount: amount))
    }
}

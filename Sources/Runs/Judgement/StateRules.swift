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
    /// The account's choice: rows without external data are rejected.
    package let needsExternalData: Bool

    package init(profile: GatewayProfile, needsExternalData: Bool = false) {
        self.profile = profile
        self.needsExternalData = needsExternalData
    }

    /// - Parameter sameActionInFile: whether an earlier row of this file has this action on this intent, so that
    ///   the state alone does not show that somebody did it before.
    package func judge(
        _ instruction: Instruction, against intent: PaymentIntent, sameActionInFile: Bool
    ) -> Verdict {
        if let currency = instruction.requested.currency, currency != intent.amount.currency {
            return .rejected(.currencyMismatch(row: currency, intent: intent.amount.currency))
        }
        if needsExternalData, instruction.externalData == nil { return .rejected(.externalDataNeeded) }
        let hasLines = profile.partialCapture == .byLineItems
        guard instruction.lineItems.isEmpty || hasLines else {
            return .rejected(.lineItemsUnsupported(profile.gateway))
        }
        switch instruction.requested {
        case .exactly(let money) where money.minorUnits > intent.amount.minorUnits:
            return .rejected(
                .amountExceedsRemaining(asked: money, remaining: intent.remainingByLines ?? intent.amount))
        case .exactly(let money) where money != intent.amount:
            return hasLines
                ? judgeLines(instruction, money, intent) : judgePartial(instruction.action, money, intent)
        case .exactly(let money):
            return judgeFull(instruction, money, intent, sameActionInFile: sameActionInFile)
        case .everything:
            return judgeWhole(instruction.action, intent, sameActionInFile: sameActionInFile)
        }
    }

    private func judgeWhole(
        _ action: Action, _ intent: PaymentIntent, sameActionInFile: Bool
    ) -> Verdict {
        let ask = wholeAsk(action, intent)
        let state = profile.state(of: intent.status)
        if state == .pending { return .pending }
        if Effects(profile: profile).isWholeDone(action, in: intent) {
            guard !sameActionInFile else { return .rejected(.duplicate(action)) }
            return .alreadyApplied(Ask(isWhole: true, amount: intent.amount, isOnWire: false))
        }
        guard profile.allows(action, from: state) else {
            return .rejected(.stateNotAllowed(action, status: intent.status, profile: profile))
        }
        if ask.amount?.minorUnits == 0 { return .rejected(.nothingRemains(status: intent.status)) }
        return .act(ask)
    }

    /// The intent's full amount in figures is the whole, as long as all of it remains.
    private func judgeFull(
        _ instruction: Instruction, _ money: Money, _ intent: PaymentIntent, sameActionInFile: Bool
    ) -> Verdict {
        let verdict = judgeWhole(instruction.action, intent, sameActionInFile: sameActionInFile)
        guard case .act(let ask) = verdict else { return verdict }
        if let remaining = ask.amount, remaining != money {
            return .rejected(.amountExceedsRemaining(asked: money, remaining: remaining))
        }
        return unknownOrTooMuch(instruction, intent).map(Verdict.rejected) ?? verdict
    }

    /// The whole of an intent of which something is captured or cancelled is what remains, by line items; only a
    /// cancel has a request of its own for that.
    private func wholeAsk(_ action: Action, _ intent: PaymentIntent) -> Ask {
        guard profile.partialCapture == .byLineItems else {
            return Ask(isWhole: true, amount: intent.amount, isOnWire: false)
        }
        return Ask(
            isWhole: true, amount: intent.remainingByLines, lines: intent.remainingLines,
            isOnWire: action == .capture && !intent.isUntouched)
    }

    private func judgeLines(
        _ instruction: Instruction, _ money: Money, _ intent: PaymentIntent
    ) -> Verdict {
        let action = instruction.action
        let state = profile.state(of: intent.status)
        if state == .pending { return .pending }
        if state == .captured || state == .cancelled {
            return .rejected(.nothingRemains(status: intent.status))
        }
        guard profile.allows(action, from: state) else {
            return .rejected(.stateNotAllowed(action, status: intent.status, profile: profile))
        }
        if let remaining = intent.remainingByLines, money.minorUnits > remaining.minorUnits {
            return .rejected(.amountExceedsRemaining(asked: money, remaining: remaining))
        }
        guard !instruction.lineItems.isEmpty else { return .rejected(.lineItemsNeeded) }
        if let rejection = unknownOrTooMuch(instruction, intent) { return .rejected(rejection) }
        return .act(Ask(isWhole: false, amount: money, lines: instruction.lineItems, isOnWire: true))
    }

    private func unknownOrTooMuch(_ instruction: Instruction, _ intent: PaymentIntent) -> Rejection? {
        for wanted in instruction.lineItems {
            guard let line = intent.lines.first(where: { $0.id == wanted.id }) else {
                return .lineItemUnknown(wanted.id)
            }
            let currency = intent.amount.currency
            guard wanted.minorUnits <= line.remaining else {
                return .amountExceedsRemaining(
                    asked: Money(minorUnits: wanted.minorUnits, currency: currency),
                    remaining: Money(minorUnits: line.remaining, currency: currency))
            }
        }
        return nil
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
        return .act(Ask(isWhole: false, amount: amount, isOnWire: true))
    }
}

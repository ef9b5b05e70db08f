package import Instructions

/// What an intent shows of our own action (resolving.md, sections 1 and 3), computed from the profile.
package struct Effects: Sendable {
    package let profile: GatewayProfile

    package init(profile: GatewayProfile) { self.profile = profile }

    /// What a read shows of an action whose answer never came. The first that fits, in this order.
    package enum Finding: Hashable, Sendable {
        /// Exactly our effect.
        case ours
        /// It can never take effect any more.
        case excluded
        /// Nothing moved, and the state still allows the action.
        case unchanged
        case pending
        case unclear
    }

    /// Our effect as an answer to the call itself shows it. A missing captured amount of a captured intent counts
    /// as the whole, by the profile's assumption.
    package func shows(_ action: Action, _ ask: Ask, in intent: PaymentIntent) -> Bool {
        if let amount = ask.amount, amount.currency != intent.amount.currency { return false }
        switch (action, profile.state(of: intent.status)) {
        case (.cancel, .cancelled):
            return true
        case (.capture, .captured):
            guard let captured = intent.captured else {
                return profile.missingCapturedAmountMeansWhole && ask.amount == intent.amount
            }
            return captured == ask.amount?.minorUnits
        default:
            return false
        }
    }

    /// Judges a read made after an ambiguous attempt against the snapshot of the row's first one.
    package func judge(
        _ instruction: Instruction, _ ask: Ask, read intent: PaymentIntent, snapshot: PaymentIntent?
    ) -> Finding {
        let reasonFits =
            !profile.sendsCancellationReason || intent.cancellationReason == nil
            || intent.cancellationReason == instruction.reason
        if shows(instruction.action, ask, in: intent) {
            return instruction.action == .capture || reasonFits ? .ours : .excluded
        }
        let state = profile.state(of: intent.status)
        switch (instruction.action, state) {
        case (.capture, .cancelled), (_, .failed), (.cancel, .captured):
            return .excluded
        case (.capture, .captured):
            // Captured with another amount: nothing remains. Without an amount a part can't be told from the whole.
            return intent.captured == nil ? .unclear : .excluded
        case (_, .pending):
            return .pending
        default:
            return isUnchanged(intent, since: snapshot)
                && profile.allows(instruction.action, from: state) ? .unchanged : .unclear
        }
    }

    private func isUnchanged(_ intent: PaymentIntent, since snapshot: PaymentIntent?) -> Bool {
        guard let snapshot else { return true }
        return intent.amount == snapshot.amount && (intent.captured ?? 0) == (snapshot.captured ?? 0)
            && (intent.cancelled ?? 0) == (snapshot.cancelled ?? 0)
    }
}

package import Instructions

/// What an intent shows of our own action (resolving.md, sections 1 and 3), computed from the profile.
package struct Effects: Sendable {
    package let profile: GatewayProfile

    package init(profile: GatewayProfile) { self.profile = profile }

    private var hasLines: Bool { profile.partialCapture == .byLineItems }

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

    /// Whether the whole intent is cancelled or captured, by whomever. A missing captured amount of a captured
    /// intent counts as the whole, by the profile's assumption.
    package func isWholeDone(_ action: Action, in intent: PaymentIntent) -> Bool {
        switch (action, profile.state(of: intent.status)) {
        case (.cancel, .cancelled):
            return intent.lines.allSatisfy { $0.cancelled == $0.total }
        case (.capture, .captured):
            guard let captured = intent.captured else { return profile.missingCapturedAmountMeansWhole }
            return captured == intent.amount.minorUnits - (intent.cancelled ?? 0)
        default:
            return false
        }
    }

    /// Our effect, as the answer to the call itself shows it.
    package func shows(
        _ instruction: Instruction, _ ask: Ask, in intent: PaymentIntent, since snapshot: PaymentIntent?
    ) -> Bool {
        if let amount = ask.amount, amount.currency != intent.amount.currency { return false }
        if hasLines { return showsByLines(instruction.action, ask, in: intent, since: snapshot) }
        switch (instruction.action, profile.state(of: intent.status)) {
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

    private func showsByLines(
        _ action: Action, _ ask: Ask, in intent: PaymentIntent, since snapshot: PaymentIntent?
    ) -> Bool {
        let state = profile.state(of: intent.status)
        switch action {
        case .cancel where ask.isWhole:
            return !intent.lines.isEmpty && isWholeDone(.cancel, in: intent)
        case .cancel:
            return [.authorized, .cancelled].contains(state)
                && changed(intent, since: snapshot, by: ask.lines, \.cancelled)
        case .capture:
            return [.captured, .partiallyCaptured].contains(state)
                && !newCaptures(in: intent, since: snapshot).isEmpty
                && changed(intent, since: snapshot, by: ask.lines, \.captured)
        }
    }

    /// Whether a saved success under our own key shows that this very request took effect, when it was made before
    /// our snapshot: by an earlier run of the same input, on another host. Its amounts then can't be compared with
    /// the snapshot's, but they hold at least ours, and the key says whose request it was.
    package func holds(_ action: Action, _ ask: Ask, in intent: PaymentIntent) -> Bool {
        if let amount = ask.amount, amount.currency != intent.amount.currency { return false }
        let state = profile.state(of: intent.status)
        guard hasLines, !ask.isWhole else { return isWholeDone(action, in: intent) }
        let isRight =
            action == .cancel
            ? [.authorized, .cancelled].contains(state)
            : [.captured, .partiallyCaptured].contains(state) && !intent.captures.isEmpty
        return isRight
            && ask.lines.allSatisfy { wanted in
                intent.lines.contains { line in
                    line.id == wanted.id
                        && (action == .cancel ? line.cancelled : line.captured) >= wanted.minorUnits
                }
            }
    }

    /// Judges a read made after an ambiguous attempt against the snapshot of the row's first one.
    package func judge(
        _ instruction: Instruction, _ ask: Ask, read intent: PaymentIntent, snapshot: PaymentIntent?
    ) -> Finding {
        if shows(instruction, ask, in: intent, since: snapshot), isAlone(ask, in: intent, since: snapshot) {
            return instruction.action == .capture || reasonFits(instruction, intent) ? .ours : .excluded
        }
        let state = profile.state(of: intent.status)
        if isExcluded(instruction.action, ask, state, intent, since: snapshot) { return .excluded }
        if state == .pending { return .pending }
        return isUnchanged(intent, since: snapshot) && profile.allows(instruction.action, from: state)
            ? .unchanged : .unclear
    }

    /// Of captures by line items there must be exactly one new one, with our amount and lines.
    private func isAlone(_ ask: Ask, in intent: PaymentIntent, since snapshot: PaymentIntent?) -> Bool {
        let new = newCaptures(in: intent, since: snapshot)
        guard hasLines, !new.isEmpty else { return true }
        return new.count == 1 && isOurs(new[0], ask)
    }

    private func isOurs(_ capture: PaymentIntent.Capture, _ ask: Ask) -> Bool {
        capture.minorUnits == ask.amount?.minorUnits
            && Set(capture.lines.filter { $0.minorUnits != 0 }) == Set(ask.lines)
    }

    private func reasonFits(_ instruction: Instruction, _ intent: PaymentIntent) -> Bool {
        !profile.sendsCancellationReason || intent.cancellationReason == nil
            || intent.cancellationReason == instruction.reason
    }

    private func isExcluded(
        _ action: Action, _ ask: Ask, _ state: IntentState, _ intent: PaymentIntent,
        since snapshot: PaymentIntent?
    ) -> Bool {
        switch (action, state) {
        case (_, .failed), (.capture, .cancelled):
            return true
        case (.cancel, .captured), (.cancel, .partiallyCaptured):
            // A part that was cancelled before the capture may be ours.
            return ask.isWhole || changed(intent, since: snapshot, by: [], \.cancelled)
        case (.capture, .captured) where hasLines && !ask.isOnWire && !sameCancelled(intent, since: snapshot):
            // Without amounts on the wire ours took what was left; less was, since somebody cancelled a part.
            return false
        case (.capture, .captured) where hasLines:
            return !newCaptures(in: intent, since: snapshot).contains { isOurs($0, ask) }
        case (.capture, .captured):
            // Captured with another amount: nothing remains. Without one a part can't be told from the whole.
            return intent.captured != nil
        default:
            return false
        }
    }

    private func isUnchanged(_ intent: PaymentIntent, since snapshot: PaymentIntent?) -> Bool {
        guard let snapshot else { return true }
        return intent.amount == snapshot.amount && (intent.captured ?? 0) == (snapshot.captured ?? 0)
            && (intent.cancelled ?? 0) == (snapshot.cancelled ?? 0)
            && changed(intent, since: snapshot, by: [], \.captured)
            && changed(intent, since: snapshot, by: [], \.cancelled)
    }

    private func sameCancelled(_ intent: PaymentIntent, since snapshot: PaymentIntent?) -> Bool {
        #if MUTANTS
        if PlantedBug.planted == .smallerCaptureExcluded { return true }
        #endif
        return changed(intent, since: snapshot, by: [], \.cancelled)
    }

    private func newCaptures(
        in intent: PaymentIntent, since snapshot: PaymentIntent?
    ) -> [PaymentIntent.Capture] {
        #if MUTANTS
        if PlantedBug.planted == .capturesByAmount {
            let amounts = Set(snapshot?.captures.map(\.minorUnits) ?? [])
            return intent.captures.filter { !amounts.contains($0.minorUnits) }
        }
        #endif
        let known = Set(snapshot?.captures.map(\.id) ?? [])
        return intent.captures.filter { !known.contains($0.id) }
    }

    /// Whether each line item's amount is the snapshot's plus ours, no more and no less.
    private func changed(
        _ intent: PaymentIntent, since snapshot: PaymentIntent?, by lines: [LineAmount],
        _ amount: KeyPath<PaymentIntent.LineItem, Int64>
    ) -> Bool {
        guard let snapshot, snapshot.lines.count == intent.lines.count else { return false }
        var expected: [String: Int64] = [:]
        for line in snapshot.lines { expected[line.id] = line[keyPath: amount] }
        for line in lines { expected[line.id, default: 0] += line.minorUnits }
        return intent.lines.allSatisfy { expected[$0.id] == $0[keyPath: amount] }
    }
}

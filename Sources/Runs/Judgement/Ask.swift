package import Instructions

/// What a row asks for, resolved against the intent as it was read.
package struct Ask: Hashable, Sendable {
    /// Whether the row asks for the whole intent: no amount, `all`, or the intent's full amount.
    package let isWhole: Bool
    /// nil only for a whole cancel of an intent that was not read.
    package let amount: Money?
    /// What each line item is to change by, at a gateway with line items; others have none.
    package let lines: [LineAmount]
    /// Whether amount and lines are written into the request: not for what the gateway takes as the whole.
    package let isOnWire: Bool

    package init(isWhole: Bool, amount: Money?, lines: [LineAmount] = [], isOnWire: Bool) {
        self.isWhole = isWhole
        self.amount = amount
        self.lines = lines
        self.isOnWire = isOnWire
    }

    /// A whole cancel without preflight.
    package static let wholeUnseen = Ask(isWhole: true, amount: nil, isOnWire: false)

    /// What an attempt of an earlier execution was opened for.
    package init(restoring attempt: Attempt, of instruction: Instruction) {
        let isFull = attempt.amount == nil || attempt.amount == attempt.snapshot?.amount
        amount = attempt.amount
        lines = attempt.lines
        switch instruction.requested {
        case .everything: isWhole = true
        case .exactly: isWhole = isFull
        }
        // A whole cancel has an empty body; a capture of all that remains of a part names its lines.
        isOnWire = attempt.action == .cancel ? !isWhole : !isFull
    }
}

extension PaymentIntent.LineItem {
    /// Minor units that are neither captured nor cancelled.
    package var remaining: Int64 { total - captured - cancelled }
}

extension PaymentIntent {
    /// What is neither captured nor cancelled, by the line items; nil for an intent without any.
    package var remainingByLines: Money? {
        guard !lines.isEmpty else { return nil }
        return Money(minorUnits: lines.reduce(0) { $0 + $1.remaining }, currency: amount.currency)
    }

    /// What remains of each line item that has something left.
    package var remainingLines: [LineAmount] {
        lines.filter { $0.remaining > 0 }.map { LineAmount(id: $0.id, minorUnits: $0.remaining) }
    }

    /// Whether nothing was captured or cancelled of any line item.
    package var isUntouched: Bool { lines.allSatisfy { $0.captured == 0 && $0.cancelled == 0 } }
}

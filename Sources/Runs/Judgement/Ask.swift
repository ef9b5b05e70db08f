package import Instructions

/// What a row asks for, resolved against the intent as it was read.
package struct Ask: Hashable, Sendable {
    /// Whether it is the whole intent: no amount, `all`, or the intent's full amount.
    package let isWhole: Bool
    /// nil only for a whole cancel of an intent that was not read.
    package let amount: Money?
    package let lines: [LineAmount]

    package init(isWhole: Bool, amount: Money?, lines: [LineAmount] = []) {
        self.isWhole = isWhole
        self.amount = amount
        self.lines = lines
    }

    /// A whole cancel without preflight.
    package static let wholeUnseen = Ask(isWhole: true, amount: nil)
}

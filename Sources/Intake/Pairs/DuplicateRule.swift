import Instructions

/// Two rows are duplicates when intent, action, amount and line items are the same, unless both carry
/// references and these differ (contract, section 3).
struct DuplicateRule: PairRule {
    let relation = TagRelation.sameOrNone

    func concerns(_ row: Instruction) -> Bool { true }

    func feedKey(_ row: Instruction, to hasher: inout Hasher) {
        hasher.combine(row.intentID)
        hasher.combine(row.action)
        hasher.combine(Self.amount(row))
        hasher.combine(Self.lineItems(row))
    }

    func tag(_ row: Instruction, _ hash: KeyedHash) -> UInt64 { row.reference.map(hash.tag) ?? 0 }

    func isBroken(by later: Instruction, after earlier: Instruction) -> Bool {
        guard later.intentID == earlier.intentID, later.action == earlier.action,
            Self.amount(later) == Self.amount(earlier), Self.lineItems(later) == Self.lineItems(earlier)
        else { return false }
        guard let one = later.reference, let other = earlier.reference else { return true }
        return one == other
    }

    func fault(of later: Instruction, after earlier: Int) -> RuleFault {
        .duplicate(intentID: later.intentID, earlier: earlier)
    }

    /// nil for the whole, whether or not the row names its currency.
    private static func amount(_ row: Instruction) -> Money? {
        if case .exactly(let money) = row.requested { money } else { nil }
    }

    /// In an order that the file does not decide.
    private static func lineItems(_ row: Instruction) -> [LineAmount] {
        row.lineItems.count < 2 ? row.lineItems : row.lineItems.sorted { $0.id < $1.id }
    }
}

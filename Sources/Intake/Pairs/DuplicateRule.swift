import Instructions

/// Two rows are duplicates when intent, action, amount and line items are the same, unless both carry
/// references and these differ (contract, section 3).
struct DuplicateRule: PairRule {
    let relation = TagRelation.sameOrNone
    let comparesIDs = true

    func concerns(_ row: Instruction) -> Bool { true }

    func key(_ row: HashedRow) -> HashKey {
        let amount = Self.amount(row.row)
        let lineItems = Self.lineItems(row.row)
        return row.hash.key { hasher in
            hasher.combine(row.intentID)
            hasher.combine(row.row.action)
            if let amount { hasher.combine(amount) }
            if !lineItems.isEmpty { hasher.combine(lineItems) }
        }
    }

    func tag(_ row: HashedRow) -> UInt64 { row.reference.map { max(1, $0.low) } ?? 0 }

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

import Instructions

/// Two rows are duplicates when intent, action, amount and line items are the same, unless both carry
/// references and these differ (contract, section 3).
struct DuplicateRule: PairRule {
    let relation = TagRelation.sameOrNone
    let comparesIDs = true

    func concerns(_ row: HashedRow) -> Bool { true }

    func key(_ row: HashedRow) -> HashKey {
        guard let amount = Self.amount(row.requested) else {
            return HashKey(high: row.intentID.high, low: row.intentID.low ^ Self.code(row.action, 0))
        }
        // Different amounts of one intent never give the same key: what they are is laid over the hash.
        let key = HashKey(
            high: row.intentID.high ^ UInt64(bitPattern: amount.minorUnits),
            low: row.intentID.low ^ Self.code(row.action, amount.currency.letters))
        let lineItems = Self.inOrder(row.lineItems)
        guard !lineItems.isEmpty else { return key }
        return row.hash.key { hash in
            hash.add(key.high)
            hash.add(key.low)
            for item in lineItems {
                let id = row.hash.key(of: item.id)
                hash.add(id.high)
                hash.add(id.low)
                hash.add(UInt64(bitPattern: item.minorUnits))
            }
        }
    }

    private static func code(_ action: Action, _ currency: UInt32) -> UInt64 {
        // The lowest bit does not tell keys apart (RepeatedKeys).
        UInt64(currency) << 8 | (action == .cancel ? 2 : 4)
    }

    func tag(_ row: HashedRow) -> UInt64 { row.reference.map { max(1, $0.low) } ?? 0 }

    func isBroken(by later: Instruction, after earlier: Instruction) -> Bool {
        guard later.intentID == earlier.intentID, later.action == earlier.action,
            Self.amount(later.requested) == Self.amount(earlier.requested),
            Self.inOrder(later.lineItems) == Self.inOrder(earlier.lineItems)
        else { return false }
        guard let one = later.reference, let other = earlier.reference else { return true }
        return one == other
    }

    func fault(of later: Instruction, after earlier: Int) -> RuleFault {
        .duplicate(intentID: later.intentID, earlier: earlier)
    }

    /// nil for the whole, whether or not the row names its currency.
    private static func amount(_ requested: RequestedAmount) -> Money? {
        if case .exactly(let money) = requested { money } else { nil }
    }

    /// In an order that the file does not decide.
    private static func inOrder(_ items: [LineAmount]) -> [LineAmount] {
        items.count < 2 ? items : items.sorted { $0.id < $1.id }
    }
}

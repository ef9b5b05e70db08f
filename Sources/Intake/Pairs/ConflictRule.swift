import Instructions

/// An intent cannot be wholly cancelled and wholly captured by one file (contract, section 3).
struct ConflictRule: PairRule {
    let relation = TagRelation.different
    let comparesIDs = true

    func concerns(_ row: HashedRow) -> Bool { Self.isWhole(row.requested) }

    func key(_ row: HashedRow) -> HashKey { row.intentID }

    func tag(_ row: HashedRow) -> UInt64 {
        switch row.action {
        case .cancel: 1
        case .capture: 2
        }
    }

    func isBroken(by later: Instruction, after earlier: Instruction) -> Bool {
        Self.isWhole(later.requested) && Self.isWhole(earlier.requested) && later.intentID == earlier.intentID
            && later.action != earlier.action
    }

    func fault(of later: Instruction, after earlier: Int) -> RuleFault {
        .conflict(
            intentID: later.intentID, earlier: earlier,
            earlierAction: later.action == .cancel ? .capture : .cancel)
    }

    private static func isWhole(_ requested: RequestedAmount) -> Bool {
        if case .everything = requested { true } else { false }
    }
}

import Instructions

/// An intent cannot be wholly cancelled and wholly captured by one file (contract, section 3).
struct ConflictRule: PairRule {
    let relation = TagRelation.different
    let comparesIDs = true

    func concerns(_ row: Instruction) -> Bool {
        if case .everything = row.requested { true } else { false }
    }

    func key(_ row: HashedRow) -> HashKey { row.intentID }

    func tag(_ row: HashedRow) -> UInt64 {
        switch row.row.action {
        case .cancel: 1
        case .capture: 2
        }
    }

    func isBroken(by later: Instruction, after earlier: Instruction) -> Bool {
        concerns(later) && concerns(earlier) && later.intentID == earlier.intentID
            && later.action != earlier.action
    }

    func fault(of later: Instruction, after earlier: Int) -> RuleFault {
        .conflict(
            intentID: later.intentID, earlier: earlier,
            earlierAction: later.action == .cancel ? .capture : .cancel)
    }
}

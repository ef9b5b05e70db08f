import Instructions

/// A reference stands once in a file (contract, section 3).
struct ReferenceRule: PairRule {
    let relation = TagRelation.any
    let comparesIDs = false

    func concerns(_ row: HashedRow) -> Bool { row.reference != nil }

    func key(_ row: HashedRow) -> HashKey { row.reference ?? row.intentID }

    func tag(_ row: HashedRow) -> UInt64 { 0 }

    func isBroken(by later: Instruction, after earlier: Instruction) -> Bool {
        later.reference != nil && later.reference == earlier.reference
    }

    func fault(of later: Instruction, after earlier: Int) -> RuleFault {
        .referenceDuplicate(reference: later.reference ?? "", earlier: earlier)
    }
}

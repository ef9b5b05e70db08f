import Instructions

/// A reference stands once in a file (contract, section 3).
struct ReferenceRule: PairRule {
    let relation = TagRelation.any

    func concerns(_ row: Instruction) -> Bool { row.reference != nil }

    func feedKey(_ row: Instruction, to hasher: inout Hasher) { hasher.combine(row.reference) }

    func tag(_ row: Instruction, _ hash: KeyedHash) -> UInt64 { 0 }

    func isBroken(by later: Instruction, after earlier: Instruction) -> Bool {
        later.reference != nil && later.reference == earlier.reference
    }

    func fault(of later: Instruction, after earlier: Int) -> RuleFault {
        .referenceDuplicate(reference: later.reference ?? "", earlier: earlier)
    }
}

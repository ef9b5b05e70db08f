import Instructions

/// A rule over the whole file that two of its rows break together. The later one is the problem.
///
/// Rows are compared by keyed hashes first, so that no row needs to be kept; the first pairs found that way
/// are judged once more by what their rows say.
protocol PairRule: Sendable {
    /// Which tags of two rows with the same key make them a pair.
    var relation: TagRelation { get }
    /// Whether the two rows of a pair have one intent id; else they have one reference.
    var comparesIDs: Bool { get }
    /// Whether the row can be one of a pair.
    func concerns(_ row: HashedRow) -> Bool
    /// The hash of what the two rows of a pair share.
    func key(_ row: HashedRow) -> HashKey
    /// What tells rows with the same key apart; 0 for none.
    func tag(_ row: HashedRow) -> UInt64
    /// Whether the two rows really break the rule.
    func isBroken(by later: Instruction, after earlier: Instruction) -> Bool
    /// The problem of the later row, in words; `earlier` is the number of the other row.
    func fault(of later: Instruction, after earlier: Int) -> RuleFault
}

/// How the tags of two rows with the same key must be to each other.
enum TagRelation {
    /// Any two rows are a pair.
    case any
    /// The same, or one of them without a tag.
    case sameOrNone
    case different
}

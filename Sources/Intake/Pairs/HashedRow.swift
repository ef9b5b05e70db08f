import InstructionFiles
import Instructions

/// What rules over pairs look at in a row, its texts as hashes.
struct HashedRow {
    let row: Int
    let action: Action
    let requested: RequestedAmount
    let lineItems: [LineAmount]
    let intentID: HashKey
    let reference: HashKey?
    let hash: KeyedHash

    init(_ lent: LentRow, _ hash: KeyedHash) {
        row = lent.row
        action = lent.action
        requested = lent.requested
        lineItems = lent.lineItems
        intentID = hash.key(of: lent.intentID)
        reference = lent.reference.map(hash.key(of:))
        self.hash = hash
    }
}

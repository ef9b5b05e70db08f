import Instructions

/// A row with the hashes that its rules have in common, so that its texts are hashed once.
struct HashedRow {
    let row: Instruction
    let hash: KeyedHash
    let intentID: HashKey
    let reference: HashKey?

    init(_ row: Instruction, _ hash: KeyedHash) {
        self.row = row
        self.hash = hash
        intentID = hash.key { $0.combine(row.intentID) }
        reference = row.reference.map { text in hash.key { $0.combine(text) } }
    }
}

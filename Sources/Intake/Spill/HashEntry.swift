/// What a rule over pairs remembers of a row: 32 bytes, whatever the row holds.
struct HashEntry: SpillEntry {
    /// Of what the two rows of a pair share.
    var key: HashKey
    /// A hash of what tells rows with the same key apart; 0 for none.
    var tag: UInt64
    var row: Int64

    /// By key, then tag, then row.
    static func precedes(_ left: HashEntry, _ right: HashEntry) -> Bool {
        if left.key != right.key {
            return (left.key.high, left.key.low) < (right.key.high, right.key.low)
        }
        if left.tag != right.tag { return left.tag < right.tag }
        return left.row < right.row
    }

    /// By the first bits of the key.
    @Sendable static func partition(_ entry: HashEntry) -> Int { Int(entry.key.high >> 58) }
}

/// 128 bits of hash.
struct HashKey: Hashable, BitwiseCopyable {
    var high: UInt64
    var low: UInt64
}

/// Hashes with a random key of this process, so that nobody can write a file whose rows collide.
///
/// Swift's `Hasher` is SipHash-1-3 with 64 bits of result; two of them with different salts give 128. The
/// salts keep it keyed also where `SWIFT_DETERMINISTIC_HASHING` is set.
struct KeyedHash: Sendable {
    private let salts: (UInt64, UInt64)

    init() {
        salts = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
    }

    func key(_ feed: (inout Hasher) -> Void) -> HashKey {
        HashKey(high: hash(salts.0, feed), low: hash(salts.1, feed))
    }

    private func hash(_ salt: UInt64, _ feed: (inout Hasher) -> Void) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(salt)
        feed(&hasher)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

/// What a rule over pairs remembers of a row: 32 bytes, whatever the row holds.
struct HashEntry: Comparable, BitwiseCopyable {
    /// Of what the two rows of a pair share.
    let key: HashKey
    /// A hash of what tells rows with the same key apart; 0 for none.
    let tag: UInt64
    /// The number of the rule in the highest byte.
    private let place: UInt64

    init(rule: Int, key: HashKey, tag: UInt64, row: Int) {
        self.key = key
        self.tag = tag
        place = UInt64(rule) << 56 | UInt64(row)
    }

    var rule: Int { Int(place >> 56) }
    var row: Int { Int(place & (1 << 56 - 1)) }

    /// By key, then rule, tag and row.
    static func < (left: HashEntry, right: HashEntry) -> Bool {
        if left.key != right.key {
            return (left.key.high, left.key.low) < (right.key.high, right.key.low)
        }
        if left.rule != right.rule { return left.rule < right.rule }
        if left.tag != right.tag { return left.tag < right.tag }
        return left.row < right.row
    }

    /// By the first 10 bits of the key: 1,024.
    @Sendable static func partition(_ entry: HashEntry) -> Int { Int(entry.key.high >> 54) }
}

/// 128 bits of hash.
struct HashKey: Hashable, BitwiseCopyable {
    var high: UInt64
    var low: UInt64
}

/// Hashes with a random key of this process.
struct KeyedHash: Sendable {
    private let key: (UInt64, UInt64)

    init() {
        key = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
    }

    func key(of bytes: UnsafeBufferPointer<UInt8>) -> HashKey {
        SipHash(key).hash(ending: UnsafeRawBufferPointer(bytes))
    }

    func key(of text: String) -> HashKey {
        var copy = text
        return copy.withUTF8 { key(of: $0) }
    }

    /// Of whole words; what they say must not depend on how many there are.
    func key(_ feed: (inout SipHash) -> Void) -> HashKey {
        var hash = SipHash(key)
        feed(&hash)
        return hash.hash()
    }
}

/// Which intents a file has had so far, in 4 MiB whatever its size: no means no, yes may be a coincidence. A Bloom filter
/// in blocks as large as a cache line, so that an intent costs a miss of the cache or two, not one for each mark (F. Putze,
/// P. Sanders and J. Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", Journal of Experimental Algorithmics 14
/// (2009), section 3).
///
/// | rows of different intents | said to be seen |
/// |---|---|
/// | 1 million | 0.02 % |
/// | 10 million | 7 % |
/// | 100 million | 79 % |
struct SeenIntents {
    private static let marks = 3
    private static let bitsOfBlock = 512
    private static let blocks = 1 << 16

    private var words = [UInt64](repeating: 0, count: blocks * bitsOfBlock / 64)

    /// Whether this intent may have been asked for before.
    mutating func mayHaveSeen(_ intentID: String) -> Bool {
        // `Hasher` mixes all bits of an id into all of these (SipHash-1-3).
        var hash = UInt64(bitPattern: Int64(intentID.hashValue))
        func take(_ choices: Int) -> Int {
            defer { hash /= UInt64(choices) }
            return Int(hash % UInt64(choices))
        }
        let block = take(Self.blocks) * Self.bitsOfBlock
        var isSeen = true
        for _ in 0..<Self.marks {
            let place = block + take(Self.bitsOfBlock)
            let bit: UInt64 = 1 << UInt64(place & 63)
            isSeen = isSeen && words[place >> 6] & bit != 0
            words[place >> 6] |= bit
        }
        return isSeen
    }
}

/// Which intents a file has had so far, in 4 MiB whatever its size: no means no, yes may be a coincidence. A Bloom filter
/// with one hash function (B. H. Bloom, Communications of the ACM 13 (1970), page 422).
///
/// | rows of different intents | said to be seen |
/// |---|---|
/// | 1 million | 1.5 % |
/// | 10 million | 14 % |
/// | 100 million | 68 % |
struct SeenIntents {
    private static let bits = 1 << 25
    private var words = [UInt64](repeating: 0, count: bits / 64)

    /// Whether this intent may have been asked for before.
    mutating func mayHaveSeen(_ intentID: String) -> Bool {
        // Its lower bits: `Hasher` mixes all of them (SipHash-1-3).
        let place = intentID.hashValue & (Self.bits - 1)
        let bit: UInt64 = 1 << UInt64(place & 63)
        defer { words[place >> 6] |= bit }
        return words[place >> 6] & bit != 0
    }
}

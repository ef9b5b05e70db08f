/// SipHash-1-3 with 128 bits of result: a keyed hash, so that nobody can write a file whose rows collide.
///
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), and the 128-bit variant of their
/// reference implementation, whose vectors are for 2-4. Swift's `Hasher` is SipHash-1-3 too; twice, for 128 bits
/// of a text, it costs four times as much as one pass over the bytes.
struct SipHash {
    /// After each word, and at the end: 1 and 3, or 2 and 4.
    private let rounds: (word: Int, end: Int)
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// Whole words so far.
    private var words = 0

    @inline(__always)
    init(_ key: (UInt64, UInt64), rounds: (word: Int, end: Int) = (1, 3)) {
        self.rounds = rounds
        v0 = key.0 ^ 0x736f_6d65_7073_6575
        v1 = key.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = key.0 ^ 0x6c79_6765_6e65_7261
        v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    /// Takes eight bytes, the lowest first.
    @inline(__always)
    mutating func add(_ word: UInt64) {
        v3 ^= word
        for _ in 0..<rounds.word { round() }
        v0 ^= word
        words &+= 1
    }

    /// Takes the last bytes and ends.
    @inline(__always)
    consuming func hash(ending bytes: UnsafeRawBufferPointer) -> HashKey {
        var place = 0
        while place + 8 <= bytes.count {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            place += 8
        }
        var last = UInt64(truncatingIfNeeded: 8 * words + bytes.count - place) << 56
        var shift: UInt64 = 0
        while place < bytes.count {
            last |= UInt64(bytes[place]) << shift
            shift += 8
            place += 1
        }
        return finish(last)
    }

    /// Ends behind a whole word.
    consuming func hash() -> HashKey { finish(UInt64(truncatingIfNeeded: 8 * words) << 56) }

    @inline(__always)
    private mutating func finish(_ last: UInt64) -> HashKey {
        add(last)
        v2 ^= 0xee
        for _ in 0..<rounds.end { round() }
        let first = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<rounds.end { round() }
        return HashKey(high: first, low: v0 ^ v1 ^ v2 ^ v3)
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}

/// Collects the keys of a file and tells which came again, in memory that hardly grows with their number: most
/// files have none, and nothing more needs to be known of their rows.
///
/// Eight bytes a key, spilled as `SpillLog` does; at the end a table of one partition, a 1,024th of all keys
/// (25 million: 0.5 MB), and the sieve.
struct RepeatedKeys {
    private let log: SpillLog<UInt64>

    /// - Parameter memoryKeys: as many stay in memory.
    init(memoryKeys: Int, directory: String) {
        log = SpillLog(memoryEntries: memoryKeys, directory: directory) { Int($0 >> 54) }
    }

    /// Throws `IntakeError` with `.temporaryFile`, as `sieve` does.
    @inline(__always)
    func add(_ key: RowKey) throws { try log.append(key.bits) }

    /// What tells the keys that came again from nearly all others; nil when there are none.
    func sieve() throws -> KeySieve? {
        var sieve: KeySieve?
        var keys: [UInt64] = []
        var places: [UInt64] = []
        for partition in 0..<SpillLog<UInt64>.partitions {
            try log.read(partition: partition, into: &keys)
            Self.forEachRepeated(keys, places: &places) { key in
                sieve = sieve ?? KeySieve()
                sieve?.insert(RowKey(bits: key))
            }
        }
        return sieve
    }

    /// Keys are random bits, so that the lowest ones place them in a table twice their number, with linear
    /// probing; 0, which no key is, for a free place.
    private static func forEachRepeated(_ keys: [UInt64], places: inout [UInt64], _ body: (UInt64) -> Void) {
        guard keys.count > 1 else { return }
        var size = 4
        while size < 2 * keys.count { size *= 2 }
        places.removeAll(keepingCapacity: true)
        places.append(contentsOf: repeatElement(0, count: size))
        places.withUnsafeMutableBufferPointer { places in
            let mask = places.count - 1
            for key in keys {
                var index = Int(truncatingIfNeeded: key >> 1) & mask
                while places[index] != 0, places[index] != key { index = (index + 1) & mask }
                if places[index] == key { body(key) } else { places[index] = key }
            }
        }
    }
}

/// Lets the keys pass that were put in, and few others: a Bloom filter of fixed size (2^23 bits, 1 MiB), with two
/// places for each key.
///
/// Of other keys n put in let pass (1 - e^(-n/2^22))²: 1,000 → 1 of 18 million, 100,000 → 1 of 1,800,
/// a million → 1 of 22, ten million → all but a sixth.
struct KeySieve {
    private static let bits = 23
    private var words = [UInt64](repeating: 0, count: 1 << (bits - 6))

    mutating func insert(_ key: RowKey) {
        mark(key.bits >> 1)
        mark(key.bits >> 32)
    }

    func passes(_ key: RowKey) -> Bool { isMarked(key.bits >> 1) && isMarked(key.bits >> 32) }

    private mutating func mark(_ number: UInt64) {
        words[Self.word(number)] |= 1 << (number & 63)
    }

    private func isMarked(_ number: UInt64) -> Bool {
        words[Self.word(number)] & 1 << (number & 63) != 0
    }

    private static func word(_ number: UInt64) -> Int {
        Int(truncatingIfNeeded: number >> 6) & (1 << (bits - 6) - 1)
    }
}

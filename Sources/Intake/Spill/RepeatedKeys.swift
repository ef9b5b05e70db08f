/// Takes the entries out whose key stands once, so that only the few others are sorted: most files have none.
struct RepeatedKeys {
    /// 0 for a free place; the lowest bit says that the key came again.
    private var places: [UInt64] = []

    /// Keys are random bits, so that the lowest ones place them in a table twice their number, with linear
    /// probing; two different keys whose lower halves are equal are kept, which costs nothing but their sort.
    mutating func keep(in entries: inout [HashEntry]) {
        guard entries.count > 1 else { return entries.removeAll(keepingCapacity: true) }
        var size = 4
        while size < 2 * entries.count { size *= 2 }
        places.removeAll(keepingCapacity: true)
        places.append(contentsOf: repeatElement(0, count: size))
        places.withUnsafeMutableBufferPointer { places in
            for entry in entries {
                let key = entry.key.low | 1
                let index = Self.place(of: key, in: places)
                // The lowest bit of a key seen once is clear; a key of no other bits would look like a free place.
                places[index] = places[index] == 0 && key != 1 ? key & ~1 : key
            }
            entries.removeAll { places[Self.place(of: $0.key.low | 1, in: places)] & 1 == 0 }
        }
    }

    private static func place(of key: UInt64, in places: UnsafeMutableBufferPointer<UInt64>) -> Int {
        let mask = places.count - 1
        var index = Int(truncatingIfNeeded: key >> 1) & mask
        while places[index] != 0, places[index] | 1 != key { index = (index + 1) & mask }
        return index
    }
}

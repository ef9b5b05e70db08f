/// 64 bits of hash of a row's intent or reference, to find those that come again.
///
/// Equal texts have equal keys, whatever the hash is worth. Different texts with equal keys, which nobody can aim at
/// without knowing the random numbers, are only looked at once more: no rule is judged by these keys.
struct RowKey: Equatable, BitwiseCopyable {
    /// Never 0: the lowest bit is always set.
    let bits: UInt64

    init(bits: UInt64) { self.bits = bits | 1 }
}

/// Makes the keys of one file, with random numbers of its own.
///
/// Two words at a time are multiplied to 128 bits, whose halves are laid over each other, as in wyhash (Wang Yi,
/// 2019; "final version 4"): a fifth of the work of the SipHash that judges the rows which come again.
struct RowKeys: Sendable {
    private let start = UInt64.random(in: 0 ... .max)
    private let word = UInt64.random(in: 0 ... .max)
    private let referenceStart = UInt64.random(in: 0 ... .max)

    @inline(__always)
    func key(ofIntent id: UnsafeBufferPointer<UInt8>) -> RowKey { key(UnsafeRawBufferPointer(id), start) }

    @inline(__always)
    func key(ofReference reference: UnsafeBufferPointer<UInt8>) -> RowKey {
        key(UnsafeRawBufferPointer(reference), referenceStart)
    }

    private func key(_ bytes: UnsafeRawBufferPointer, _ start: UInt64) -> RowKey {
        let count = bytes.count
        var state = start
        var (first, second): (UInt64, UInt64) = (0, 0)
        if count >= 8 {
            var place = 0
            while place + 16 < count {
                state = Self.mixed(Self.load(bytes, place) ^ word, Self.load(bytes, place + 8) ^ state)
                place += 16
            }
            // The last 16 bytes, or the first and the last 8; some may have been taken before.
            first = Self.load(bytes, max(0, count - 16))
            second = Self.load(bytes, count - 8)
        } else {
            for byte in bytes { first = first << 8 | UInt64(byte) }
        }
        return RowKey(
            bits: Self.mixed(word ^ UInt64(count), Self.mixed(first ^ word, second ^ state)))
    }

    @inline(__always)
    private static func load(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    }

    @inline(__always)
    private static func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }
}

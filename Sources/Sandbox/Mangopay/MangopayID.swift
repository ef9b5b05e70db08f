/// Ids in Mangopay's shapes: a prefix and a UUID of version 7 (RFC 9562 section 5.7).
enum MangopayID {
    /// The same time and stream give the same id: what the ledger makes again is what it was.
    static func uuid7(unixMilliseconds: Int64, _ stream: inout SplitMix64) -> String {
        let time = UInt64(bitPattern: max(0, unixMilliseconds)) & 0xFFFF_FFFF_FFFF
        let high = time << 16 | 0x7000 | stream.next() & 0x0FFF
        let low = stream.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return dashed(hexadecimal(high) + hexadecimal(low))
    }

    /// An id that depends on nothing but a text: for what an intents file leaves out.
    static func derived(from text: String, _ prefix: String) -> String {
        var stream = SplitMix64(seed: hash(text))
        return prefix + uuid7(unixMilliseconds: 1_767_225_600_000, &stream)
    }

    /// FNV-1a, 64 bits.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// 16 digits.
    static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func dashed(_ digits: String) -> String {
        var rest = Substring(digits)
        return [8, 4, 4, 4, 12].map { count in
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }.joined(separator: "-")
    }
}

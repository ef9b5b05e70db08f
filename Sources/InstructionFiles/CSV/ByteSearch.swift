/// Finds bytes eight at a time in one machine word (SWAR).
///
/// `(x - 0x01…) & ~x & 0x80…` marks the zero bytes of `x`; marks above the lowest one may be false, so only
/// the lowest counts. Source: "Bit Twiddling Hacks", "Determine if a word has a zero byte".
enum ByteSearch {
    static let quote = UInt8(ascii: "\"")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The first separator, quote or line end at or after `start`, or `end`.
    static func endOfUnquoted(
        _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, separator: UInt8
    ) -> Int {
        var index = start
        let raw = UnsafeRawPointer(bytes)
        while index + 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let marks =
                zeroes(word ^ (ones &* UInt64(separator))) | zeroes(word ^ (ones &* UInt64(quote)))
                | zeroes(word ^ (ones &* UInt64(lineFeed))) | zeroes(word ^ (ones &* UInt64(carriageReturn)))
            if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < end {
            let byte = bytes[index]
            if byte == separator || byte == quote || byte == lineFeed || byte == carriageReturn {
                return index
            }
            index &+= 1
        }
        return end
    }

    /// The first quote or byte that ends a line (LF, or CR where lines end with it alone) at or after `start`,
    /// or `end`.
    static func endOfQuoted(
        _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, lineEnd: UInt8
    ) -> Int {
        var index = start
        let raw = UnsafeRawPointer(bytes)
        while index + 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let marks =
                zeroes(word ^ (ones &* UInt64(quote))) | zeroes(word ^ (ones &* UInt64(lineEnd)))
            if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < end {
            if bytes[index] == quote || bytes[index] == lineEnd { return index }
            index &+= 1
        }
        return end
    }

    /// Whether every byte is ASCII, so that the text needs no further UTF-8 check.
    static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        while index + 8 <= raw.count {
            guard raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & tops == 0 else { return false }
            index &+= 8
        }
        while index < raw.count {
            guard raw[index] < 0x80 else { return false }
            index &+= 1
        }
        return true
    }

    /// Marks the zero bytes of a word; only the lowest mark is sure.
    @inline(__always)
    static func zeroes(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word & tops
    }
}

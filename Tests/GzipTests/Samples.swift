import Gzip

/// SplitMix64: the same seed gives the same bytes on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Bytes that do not compress.
    mutating func noise(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Lines like those of a report, which compress well.
    mutating func rows(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var number = 0
        while bytes.count < count {
            number += 1
            let tail = next() % 1000
            bytes +=
                "cancel,pi_\(number),run_7,\(number),applied,response,\(tail),EUR,2026-11-20T21:00:00Z\n".utf8
        }
        return Array(bytes.prefix(count))
    }
}

func compress(_ bytes: [UInt8], level: Int = 1, chunk: Int = .max) -> [UInt8] {
    let writer = GzipWriter(level: level)
    var output: [UInt8] = []
    var start = 0
    while start < bytes.count {
        let end = chunk < bytes.count - start ? start + chunk : bytes.count
        output += writer.append(Array(bytes[start..<end]))
        start = end
    }
    return output + writer.finish()
}

/// Reads compressed bytes in chunks; also says how large the largest piece handed on was.
func decompress(
    _ bytes: [UInt8], chunk: Int, limits: GzipLimits = GzipLimits(bytes: 1 << 30, ratio: .max)
) throws -> (bytes: [UInt8], largestPiece: Int) {
    let reader = GzipReader(limits: limits)
    var output: [UInt8] = []
    var largestPiece = 0
    for start in stride(from: 0, to: bytes.count, by: chunk) {
        try reader.append(Array(bytes[start..<min(start + chunk, bytes.count)])) { piece in
            output += piece
            largestPiece = max(largestPiece, piece.count)
        }
    }
    try reader.finish()
    return (output, largestPiece)
}

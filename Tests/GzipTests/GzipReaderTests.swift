import Gzip
import Testing

@Suite struct GzipReaderTests {
    static let content = Array("action,intent_id\ncancel,pi_1\ncancel,pi_2\ncapture,pi_3\n".utf8)

    private func refusal(_ bytes: [UInt8], chunk: Int = .max, limit: Int = 1 << 20) -> GzipError.Code? {
        do {
            _ = try decompress(
                bytes, chunk: min(chunk, max(bytes.count, 1)),
                limits: GzipLimits(bytes: Int64(limit), ratio: .max))
            return nil
        } catch let error as GzipError {
            return error.code
        } catch {
            Issue.record("another error: \(error)")
            return nil
        }
    }

    @Test("a stream cut off at any byte is refused as truncated, also when it comes byte by byte")
    func truncated() {
        let whole = compress(Self.content)
        for length in 0..<whole.count {
            #expect(refusal(Array(whole[..<length])) == .truncated, "first \(length) bytes")
            #expect(refusal(Array(whole[..<length]), chunk: 1) == .truncated, "first \(length) bytes")
        }
    }

    @Test("a second member cut off at any byte is refused")
    func truncatedSecondMember() {
        let first = compress(Self.content)
        let second = compress(Self.content)
        for length in 1..<second.count {
            let code = refusal(first + second[..<length])
            #expect(code == (length <= 2 ? .trailingBytes : .truncated), "\(length) bytes of the second")
        }
    }

    @Test("a flipped bit is refused, or it is one that carries no content")
    func flippedBits() throws {
        let whole = compress(Self.content)
        var harmless: [Int] = []
        for bit in 0..<whole.count * 8 {
            var bytes = whole
            bytes[bit / 8] ^= 1 << (bit % 8)
            do {
                let read = try decompress(bytes, chunk: bytes.count).bytes
                #expect(read == Self.content, "bit \(bit) changed the content unseen")
                harmless.append(bit)
            } catch {
                #expect(error is GzipError)
            }
        }
        // RFC 1952: the text flag, the time, the extra flags and the system (bytes 4-9), and the unused
        // bits that fill the last byte of the deflate data before the 8 bytes of CRC and length.
        let lastDataByte = whole.count - 9
        for bit in harmless {
            #expect(bit == 24 || (4...9).contains(bit / 8) || bit / 8 == lastDataByte, "bit \(bit)")
        }
    }

    @Test("several members are read as one, an empty one among them")
    func members() throws {
        let bytes = compress(Self.content) + compress([]) + compress(Self.content)
        for chunk in [1, 2, 3, 10, bytes.count] {
            #expect(try decompress(bytes, chunk: chunk).bytes == Self.content + Self.content)
        }
    }

    @Test("anything after the last member is refused")
    func trailing() {
        let whole = compress(Self.content)
        for tail: [UInt8] in [
            [0], [0, 0], [UInt8](repeating: 0, count: 512), [10], Array("cancel,pi_9\n".utf8),
        ] {
            #expect(refusal(whole + tail) == .trailingBytes, "\(tail.count) bytes")
            #expect(refusal(whole + tail, chunk: 1) == .trailingBytes, "\(tail.count) bytes")
        }
    }

    @Test("what is not gzip is refused as such")
    func notGzip() {
        #expect(refusal(Self.content) == .notGzip)
        #expect(refusal([0x50, 0x4B, 3, 4]) == .notGzip, "a zip archive")
        #expect(refusal([0x78, 0x9C, 3, 0]) == .notGzip, "zlib's own format")
        #expect(refusal([]) == .truncated)
    }

    @Test("a bomb is refused as soon as it passes the limit, and the limit itself is allowed")
    func bomb() throws {
        let zeros = [UInt8](repeating: 0, count: 20_000_000)
        let bomb = compress(zeros, level: 9)
        #expect(bomb.count < 30_000)
        #expect(try Gzip.decompress(bomb, limit: zeros.count).count == zeros.count)
        #expect(refusal(bomb, limit: zeros.count - 1) == .tooLarge)

        let reader = GzipReader(limits: GzipLimits(bytes: 100_000))
        var handedOn = 0
        #expect(throws: GzipError.self) {
            try reader.append(bomb) { handedOn += $0.count }
        }
        #expect(handedOn <= 100_000)
        let half = compress([UInt8](repeating: 0, count: 60_000))
        #expect(refusal(half + half, limit: 100_000) == .tooLarge, "the limit is over all members")
    }

    @Test("a refused reader stays refused")
    func staysRefused() {
        let reader = GzipReader(limits: GzipLimits(bytes: 100))
        #expect(throws: GzipError.self) { try reader.append(Array("no gzip".utf8)) { _ in } }
        #expect(throws: GzipError.self) { try reader.append(compress([1])) { _ in } }
        #expect(throws: GzipError.self) { try reader.finish() }
    }

    @Test("an error of the receiver comes through")
    func receiverFails() {
        struct Full: Error {}
        let reader = GzipReader(limits: GzipLimits(bytes: 100))
        #expect(throws: Full.self) { try reader.append(compress([1])) { _ in throw Full() } }
    }

    @Test("random bytes after a gzip header never crash and never pass", arguments: 1...3)
    func noise(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let count = Int.random(in: 8...200, using: &generator)
            let bytes = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + generator.noise(count)
            #expect(refusal(bytes) != nil, "seed \(seed)")
        }
    }
}

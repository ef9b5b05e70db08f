import Glibc
import Gzip
import Instructions
import Testing

@testable import InstructionFiles

private func gzipped(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
    let writer = GzipWriter(level: level)
    return writer.append(bytes) + writer.finish()
}

@Suite struct GzipInputTests {
    private static let csv = Array("action,intent_id\ncancel,int_1\nvoid,int_2\ncancel,int_3\n".utf8)
    private static let ndjson = Array(
        (1...3).map { #"{"action":"cancel","intent_id":"int_\#($0)"}"# }.joined(separator: "\n").utf8)

    @Test("gzip is known by its content and reads as what is inside, also cut into members and chunks")
    func inside() throws {
        for plain in [Self.csv, Self.ndjson, []] {
            let whole = try read(plain)
            let half = plain.count / 2
            let members = gzipped(Array(plain[..<half])) + gzipped([]) + gzipped(Array(plain[half...]))
            for bytes in [gzipped(plain), members] {
                for chunkBytes in [1, 7, 1 << 16] {
                    #expect(try read(bytes, chunkBytes: chunkBytes) == whole)
                }
            }
        }
    }

    @Test("gzip cut at any byte is refused, with the offset")
    func cut() throws {
        let whole = gzipped(Self.csv)
        for length in 0..<whole.count {
            let reading = try read(Array(whole[..<length]))
            guard length > 0 else {
                #expect(reading.marks == [Mark("file_empty", nil, nil)])
                continue
            }
            #expect(reading.problems.last?.code == "gzip_truncated", "first \(length) bytes")
            #expect(reading.problems.last?.message.contains("after \(length) bytes") == true)
        }
    }

    @Test("gzip with anything behind it, damage, or gzip inside it is refused")
    func damage() throws {
        let whole = gzipped(Self.csv)
        #expect(try read(whole + [0]).problems.last?.code == "gzip_trailing_bytes")
        #expect(try read(whole + Self.csv).problems.last?.code == "gzip_trailing_bytes")
        var broken = whole
        broken[broken.count - 6] ^= 1
        #expect(try read(broken).problems.last?.code == "gzip_damaged")
        #expect(try read([0x1F, 0x8C] + Self.csv).marks == [Mark("gzip_damaged", nil, nil)])
        #expect(try read(gzipped(whole)).marks == [Mark("gzip_twice", nil, nil)])
    }

    @Test("A bomb is refused by its ratio in little memory, and limits on bytes and members hold")
    func bombs() throws {
        // 200 MB of rows that compress 1000 : 1.
        let rows = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        let writer = GzipWriter(level: 9)
        var bomb = writer.append(Array("action,intent_id,note\ncancel,int_1,\"".utf8))
        for _ in 0..<200 { bomb += writer.append(rows) }
        bomb += writer.append(Array("\"\n".utf8)) + writer.finish()
        #expect(bomb.count < 250_000)
        let blanks = [UInt8](repeating: 0x0A, count: 64 << 20)
        let blankBomb = gzipped(Array("action,intent_id\n".utf8) + blanks, level: 9)
        let before = peakMegabytes()
        let reading = try read(bomb)
        #expect(reading.problems.map(\.code) == ["gzip_ratio"])
        let lines = try read(blankBomb)
        #expect(lines.problems.last?.code == "gzip_ratio")
        #expect(peakMegabytes() - before < 64)

        func codes(_ bytes: [UInt8], _ limits: GzipLimits) throws -> [RecordFault.Kind] {
            let file = try TemporaryFile(bytes)
            var stream = try RecordStream(path: file.path, options: ReadOptions(), gzipLimits: limits)
            var kinds: [RecordFault.Kind] = []
            while true {
                switch try stream.next() {
                case .record: continue
                case .fault(let fault): kinds.append(fault.kind)
                case .end: return kinds
                }
            }
        }
        let size = Int64(Self.csv.count)
        let bytes = gzipped(Self.csv)
        #expect(try codes(bytes, GzipLimits(bytes: size)).isEmpty)
        #expect(try codes(bytes, GzipLimits(bytes: size - 1)).count == 1)
        #expect(try codes(bytes + gzipped([]), GzipLimits(members: 2)).isEmpty)
        #expect(try codes(bytes + gzipped([]), GzipLimits(members: 1)).count == 1)
    }

    /// The most memory this process ever had.
    private func peakMegabytes() -> Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss / 1024
    }
}

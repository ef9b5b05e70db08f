import Foundation
import Gzip
import Testing

@Suite struct GzipWriterTests {
    static let sizes = [0, 1, 2, 65_535, 65_536, 65_537, 131_072, 3_000_001]

    @Test("what was compressed comes back, whatever its size and kind", arguments: sizes)
    func roundTrip(size: Int) throws {
        var generator = SeededGenerator(seed: UInt64(size))
        for bytes in [generator.noise(size), generator.rows(size), [UInt8](repeating: 65, count: size)] {
            let whole = compress(bytes)
            #expect(try Gzip.decompress(whole, limit: size) == bytes)
            let (read, largestPiece) = try decompress(whole, chunk: 997)
            #expect(read == bytes)
            #expect(largestPiece <= 65_536)
        }
    }

    @Test("every level comes back")
    func levels() throws {
        var generator = SeededGenerator(seed: 9)
        let bytes = generator.rows(200_000)
        for level in 1...9 {
            #expect(try Gzip.decompress(compress(bytes, level: level), limit: bytes.count) == bytes)
        }
    }

    @Test("the same bytes give the same gzip, however they are cut")
    func deterministic() {
        var generator = SeededGenerator(seed: 3)
        let bytes = generator.rows(150_000) + generator.noise(70_000)
        let whole = compress(bytes)
        for chunk in [1, 7, 4096, 65_535, 65_536, 65_537, 219_999] {
            #expect(compress(bytes, chunk: chunk) == whole, "chunks of \(chunk)")
        }
    }

    @Test("the header holds no time and no name")
    func header() {
        // RFC 1952: magic, deflate, no flags, mtime 0, "fastest" (4) at level 1, Unix (3).
        #expect(Array(compress([1, 2, 3]).prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 3])
    }

    @Test("the system's gzip verifies and reads it", arguments: [0, 1, 65_536, 1_000_000])
    func systemGzip(size: Int) throws {
        var generator = SeededGenerator(seed: 5)
        let bytes = generator.rows(size)
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("intentbatch-gzip-\(UUID().uuidString).gz")
        try Data(compress(bytes, chunk: 1000)).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(try run("/usr/bin/gzip", "-t", file.path).status == 0)
        let unpacked = try run("/usr/bin/gzip", "-dc", file.path)
        #expect(unpacked.status == 0)
        #expect(unpacked.output == bytes)
    }

    @Test("what the system's gzip made is read, its name field and best level included")
    func fromSystemGzip() throws {
        var generator = SeededGenerator(seed: 6)
        let bytes = generator.rows(100_000)
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("intentbatch-gzip-\(UUID().uuidString).csv")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let packed = try run("/usr/bin/gzip", "-9c", file.path)
        #expect(packed.status == 0)
        #expect(packed.output.count > 3 && packed.output[3] == 8, "gzip wrote no name field")
        #expect(try decompress(packed.output, chunk: 1).bytes == bytes)
    }

    private func run(_ path: String, _ arguments: String...) throws -> (status: Int32, output: [UInt8]) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, Array(output))
    }
}

import Instructions
import Testing

@testable import InstructionFiles

@Suite struct CSVScannerTests {
    @Test(
        "Well-formed files split into their records",
        arguments: [
            ("", []),
            ("a", [["a"]]),
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,b\n,", [["a", "b"], ["", ""]]),
            ("a,b\n1,\n", [["a", "b"], ["1", ""]]),
            ("a\n\"\"", [["a"], [""]]),
            ("a\n\"\"\"\"\n", [["a"], ["\""]]),
            ("a\n\"1\"\"2\"\"\"\n", [["a"], ["1\"2\""]]),
            ("a,b\n\"1,2\",\"3\n4\r\n5\r6\"\n", [["a", "b"], ["1,2", "3\n4\r\n5\r6"]]),
            ("\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}\"a\"\n1\n", [["a"], ["1"]]),
            ("\u{FEFF}\u{FEFF}a\n", [["\u{FEFF}a"]]),
            ("a\n é ü 漢 🙂 \n", [["a"], [" é ü 漢 🙂 "]]),
            ("a,b\n\n1,2\n , \n", [["a", "b"], [""], ["1", "2"], [" ", " "]]),
        ] as [(String, [[String]])])
    func wellFormed(text: String, records: [[String]]) {
        let found = scan(text).map { result -> [String] in
            guard case .record(_, _, let fields) = result else { return ["\(result)"] }
            return fields
        }
        #expect(found == records)
    }

    @Test("Records carry their number and the physical line where they start")
    func positions() {
        let expected: [Scanned] = [
            .record(row: 0, line: 1, ["a", "b"]), .record(row: 1, line: 2, ["1\n\n", "2"]),
            .record(row: 2, line: 5, ["3", "4\r\n"]), .record(row: 3, line: 7, ["5", "6"]),
        ]
        #expect(scan("a,b\n\"1\n\n\",2\n3,\"4\r\n\"\n5,6") == expected)
    }

    @Test("A fault says its row, line and column, and the scan goes on where that is safe")
    func faults() {
        let next = Scanned.record(row: 2, line: 3, ["7", "8"])
        let table: [(String, [Scanned])] = [
            ("1,2\"3\n", [.fault(.quoteBare, row: 1, line: 2, column: 2), next]),
            ("1, \"2, 3\"\n", [.fault(.quoteBare, row: 1, line: 2, column: 2), next]),
            ("\"1\"2,3\n", [.fault(.quoteTextAfter, row: 1, line: 2, column: 1), next]),
            ("1,2,3\n", [.fault(.fieldCount(found: 3, expected: 2), row: 1, line: 2, column: nil), next]),
            ("1\n", [.fault(.fieldCount(found: 1, expected: 2), row: 1, line: 2, column: nil), next]),
            ("1\r,2\n", [.fault(.carriageReturnAlone, row: 1, line: 2, column: 1), next]),
            ("1,\"2\"\r\r\n", [.fault(.carriageReturnAlone, row: 1, line: 2, column: 2), next]),
        ]
        for (text, expected) in table {
            #expect(scan("a,b\n" + text + "7,8\n") == [.record(row: 0, line: 1, ["a", "b"])] + expected)
        }
    }

    @Test("An unterminated quote is told by the line where it opened, and ends the scan")
    func unterminated() {
        let expected: [Scanned] = [
            .record(row: 0, line: 1, ["a", "b"]), .record(row: 1, line: 2, ["1\n2", "3"]),
            .fault(.quoteUnterminated, row: 2, line: 4, column: 2),
        ]
        #expect(scan("a,b\n\"1\n2\",3\n4,\"5\n6,7\n8,9\n") == expected)
    }

    @Test("A header that ends with a carriage return alone says that all lines do")
    func carriageReturns() {
        for text in ["a,b\r1,2\r\"3\r\",4\r5,6", "a,b\r1,2\r\"3\r\",4\r5,6\r"] {
            let expected: [Scanned] = [
                .record(row: 0, line: 1, ["a", "b"]), .record(row: 1, line: 2, ["1", "2"]),
                .record(row: 2, line: 3, ["3\r", "4"]), .record(row: 3, line: 5, ["5", "6"]),
            ]
            #expect(scan(text) == expected)
        }
        #expect(scan("a,b\r1\"2,3\r4,5\r").last == .record(row: 2, line: 3, ["4", "5"]))
        #expect(scan("a\r") == [.record(row: 0, line: 1, ["a"])])
    }

    @Test("Elsewhere a lone carriage return ends in one fault, also as the last byte of the file")
    func loneCarriageReturns() {
        #expect(
            scan("a\n1\r")
                == [
                    .record(row: 0, line: 1, ["a"]), .fault(.carriageReturnAlone, row: 1, line: 2, column: 1),
                ])
    }

    @Test(
        "Bytes that are no UTF-8 are a fault of their field and line",
        arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]])
    func invalidUTF8(bad: [UInt8]) {
        let bytes = Array("a,b\nö,\"ü\n".utf8) + bad + Array("\"\n1,2\n".utf8)
        let couldBe = !bad.contains(0x90)
        let expected: [Scanned] = [
            .record(row: 0, line: 1, ["a", "b"]),
            .fault(.utf8Invalid(couldBeWindows1252: couldBe), row: 1, line: 3, column: 2),
            .record(row: 2, line: 4, ["1", "2"]),
        ]
        #expect(scan(bytes) == expected)
    }

    @Test("Half a character behind joined quotes is not completed by what joining leaves over")
    func halfACharacter() {
        let bytes = Array("a,b\n1,\"\"\"".utf8) + [0xE2, 0x82] + Array("\"\n".utf8)
        #expect(
            scan(bytes) == [
                .record(row: 0, line: 1, ["a", "b"]),
                .fault(.utf8Invalid(couldBeWindows1252: true), row: 1, line: 2, column: 2),
            ])
    }

    @Test("A record with two faults tells both")
    func twoFaults() {
        let bytes = Array("a,b\n1,2,".utf8) + [0xFF] + Array("\n".utf8)
        let expected: [Scanned] = [
            .record(row: 0, line: 1, ["a", "b"]),
            .fault(.utf8Invalid(couldBeWindows1252: true), row: 1, line: 2, column: 3),
            .fault(.fieldCount(found: 3, expected: 2), row: 1, line: 2, column: nil),
        ]
        #expect(scan(bytes) == expected)
    }

    @Test("Limits on bytes and columns hold exactly and end the scan")
    func limits() {
        var limits = RecordLimits()
        limits.bytes = 8
        limits.columns = 3
        func run(_ text: String) -> [Scanned] { scan(Array(text.utf8), limits: limits) }
        #expect(run("12345678\n1\n").count == 2)
        #expect(run("a\n123456789\n1\n").last == .fault(.recordTooLong, row: 1, line: 2, column: nil))
        #expect(run("a\n\"1234567").last == .fault(.quoteUnterminated, row: 1, line: 2, column: 1))
        #expect(run("a\n\"12345678").last == .fault(.recordTooLong, row: 1, line: 2, column: nil))
        #expect(run("a\n12345678\"\n").last == .fault(.quoteBare, row: 1, line: 2, column: 1))
        #expect(run("a\n123456789\"\n").last == .fault(.recordTooLong, row: 1, line: 2, column: nil))
        #expect(run("1,2,3\n").count == 1)
        #expect(run("1,2,3,4\n1,2,3\n") == [.fault(.tooManyColumns, row: 0, line: 1, column: nil)])
        #expect(run("1,2,3,") == [.fault(.tooManyColumns, row: 0, line: 1, column: nil)])
    }

    @Test("Where chunks end makes no difference", arguments: 0..<40)
    func chunks(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let pieces: [[UInt8]] = [
            [0x61], [0x62, 0x63], Array(",".utf8), Array(",".utf8), Array("\"".utf8), Array("\"\"".utf8),
            Array("\n".utf8), Array("\r\n".utf8), [0x0D], [0xC3, 0xA9], [0xC3], [0xEF, 0xBB, 0xBF],
            Array("0123456789abcdef".utf8), Array("\"quoted, field\"".utf8), Array("1,2\n".utf8),
        ]
        var limits = RecordLimits()
        limits.bytes = 60
        limits.columns = 12
        for _ in 0..<100 {
            let count = Int.random(in: 0..<60, using: &generator)
            let bytes = (0..<count).flatMap { _ in pieces.randomElement(using: &generator) ?? [] }
            let whole = scan(bytes, limits: limits)
            #expect(scan(bytes, limits: limits) { 1 } == whole, "\(bytes)")
            let random = scan(bytes, limits: limits) { Int.random(in: 1...9, using: &generator) }
            #expect(random == whole, "\(bytes)")
        }
    }

    @Test("What the writer writes reads back the same", arguments: 0..<20)
    func roundTrip(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) &+ 1_000)
        let scalars = Array("ab ,\"\n\ré漢\t;'0".unicodeScalars)
        let delimiters = ReadOptions.Delimiter.allCases
        for (lineEnd, delimiter) in [CSVWriter.LineEnd.lf, .crlf].flatMap({ end in
            delimiters.map { (end, $0) }
        }) {
            var options = ReadOptions()
            options.delimiter = delimiter
            let columns = Int.random(in: 1...6, using: &generator)
            let records = (0..<30).map { _ in
                (0..<columns).map { _ in
                    String(
                        String.UnicodeScalarView(
                            (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
                                scalars.randomElement(using: &generator)
                            }))
                }
            }
            var bytes: [UInt8] = []
            for record in records {
                CSVWriter(delimiter: delimiter, lineEnd: lineEnd).append(
                    record.map { Array($0.utf8) }, to: &bytes)
            }
            let read = scan(bytes, options: options) { Int.random(in: 1...40, using: &generator) }
                .map { result -> [String] in
                    guard case .record(_, _, let fields) = result else { return ["\(result)"] }
                    return fields
                }
            #expect(read.map { $0.map { Array($0.utf8) } } == records.map { $0.map { Array($0.utf8) } })
        }
    }

    @Test("The writer quotes only what needs it")
    func minimalQuotes() {
        var bytes: [UInt8] = []
        let writer = CSVWriter(lineEnd: .crlf)
        let fields = ["plain", " spaces ", "a,b", "a\"b", "a\nb", "a\rb", "", "=1+1"]
        writer.append(fields.map { Array($0.utf8) }, to: &bytes)
        writer.append([[]], to: &bytes)
        let expected = "plain, spaces ,\"a,b\",\"a\"\"b\",\"a\nb\",\"a\rb\",,=1+1\r\n\"\"\r\n"
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("SWAR finds what a plain search finds, at every offset and length", arguments: 0..<8)
    func search(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let alphabet: [UInt8] = [
            0x2C, 0x22, 0x0A, 0x0D, 0x2D, 0x23, 0x0B, 0x0C, 0xAC, 0xA2, 0x8A, 0x8D, 0x00, 0xFF,
        ]
        for _ in 0..<200 {
            let count = Int.random(in: 0...40, using: &generator)
            let filler = UInt8.random(in: 0x61...0x7A, using: &generator)
            let bytes = (0..<count).map { _ in
                Bool.random(using: &generator) ? filler : alphabet.randomElement(using: &generator) ?? filler
            }
            guard !bytes.isEmpty else { continue }
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let specials: Set<UInt8> = [0x2C, 0x22, 0x0A, 0x0D]
            bytes.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                let unquoted = buffer[start...].firstIndex { specials.contains($0) } ?? buffer.count
                #expect(
                    ByteSearch.endOfUnquoted(base, from: start, to: buffer.count, separator: 0x2C)
                        == unquoted)
                let quoted = buffer[start...].firstIndex { $0 == 0x22 || $0 == 0x0A } ?? buffer.count
                #expect(
                    ByteSearch.endOfQuoted(base, from: start, to: buffer.count, lineEnd: 0x0A) == quoted)
                #expect(ByteSearch.isASCII(buffer) == buffer.allSatisfy { $0 < 0x80 })
            }
        }
    }
}

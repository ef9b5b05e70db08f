import Instructions
import Testing

@testable import InstructionFiles

@Suite struct CleanRowTests {
    private static let columns =
        "action,intent_id,amount,currency,reason,reference,line_items,external_processing_date,expires_at,note"

    /// Reads rows by both judges; of each whether it is clean, having compared what they say.
    private func clean(
        _ rows: [String], columns: String = Self.columns, allowed: Set<Action> = [.cancel, .capture],
        _ options: ReadOptions = ReadOptions()
    ) throws -> [Bool] {
        let scanner = CSVScanner(options: options)
        scanner.feed(Array((columns + "\n" + rows.map { $0 + "\n" }.joined()).utf8))
        scanner.finish()
        #expect(scanner.next() == .record)
        let header = CSVHeader(scanner.fields, line: 1, allowed: allowed, options: options)
        let cleanRowJudge = try #require(CleanRowJudge(header, allowed: allowed, options: options))
        var judge = RowJudge(allowed: allowed, options: options)
        var results: [Bool] = []
        while scanner.next() == .record {
            let fields = scanner.fields
            let clean = cleanRowJudge.judge(fields, row: scanner.row, line: scanner.line)
            results.append(clean != nil)
            guard let clean else { continue }
            var problems: [Problem] = []
            let judgement = judge.judge(
                CSVCells(fields: fields, header: header, decimal: options.decimal), row: scanner.row,
                line: scanner.line, into: &problems)
            guard case .good(let row) = judgement else {
                Issue.record("\(rows[scanner.row - 1]) has problems: \(problems)")
                continue
            }
            #expect(clean.row.instruction == row.instruction)
            #expect(clean.idIsNumber == CellText.isNumber(row.intentID))
            #expect(problems.isEmpty && !fields.isBlank)
        }
        return results
    }

    @Test(
        "Good rows are clean, without blanks around their cells and what few rows have",
        arguments: [
            ("cancel,1012411211459019141,,,,R1,,,,", true), ("CANCEL,a-b_C9,all,EUR,why,,,,,x", true),
            ("capture,i,100.23,EUR,,R 1,,,2026-11-20,", true), ("capture,i,all,,,,,,,", true),
            ("capture,i,7,jpy,\"a, b\",1E17,,,,", true),
            (" cancel,i,,,,,,,,", false), ("cancel,i ,,,,,,,,", false), ("cancel,i,,,why ,,,,,", false),
            ("cancel,i,,,, R1,,,,", false), ("cancel,i, ,,,,,,,", false), ("cancel,i,,\t,,,,,,", false),
            ("capture,i,5.00,EUR,,,l1=5.00,,,", false), ("cancel,i,,,,,,2026-11-20,,", false),
            (",i,,,,,,,,", false), ("void,i,,,,,,,,", false), ("cancel,,,,,,,,,", false),
            ("cancel,i.j,,,,,,,,", false), ("capture,i,,,,,,,,", false), ("capture,i,5,,,,,,,", false),
            ("capture,i,0,EUR,,,,,,", false), ("capture,i,0.001,EUR,,,,,,", false),
            ("cancel,i,,XXX,,,,,,", false), ("cancel,i,,,,1.2E+17,,,,", false),
            ("cancel,i,,,,,,,20/11/2026,", false), ("Total,,5.00,EUR,,,,,,", false), (",,,,,,,,,", false),
            ("", false),
        ])
    func table(row: String, isClean: Bool) throws {
        #expect(try clean([row]) == [isClean])
    }

    @Test("With one action the column is not needed, and a total is none of its rows")
    func onlyAction() throws {
        let rows = ["i1,5.00", "Total,5.00", "sum,5.00"]
        #expect(try clean(rows, columns: "intent_id,reason", allowed: [.cancel]) == [true, false, false])
        #expect(try clean(rows, columns: "intent_id,reason") == [false, false, false])
        #expect(
            try clean(["capture,i", ",i", "cancel,i"], columns: "action,intent_id", allowed: [.cancel])
                == [false, true, true])
    }

    @Test("No row is clean by itself where the job or a report says what its cells mean")
    func options() {
        func judge(_ text: String, _ options: ReadOptions) -> CleanRowJudge? {
            let scanner = CSVScanner(options: options)
            scanner.feed(Array(text.utf8))
            scanner.finish()
            _ = scanner.next()
            return CleanRowJudge(
                CSVHeader(scanner.fields, line: 1, allowed: [.cancel], options: options), allowed: [.cancel],
                options: options)
        }
        var defaults = ReadOptions()
        defaults.defaults = [.reason: "late"]
        #expect(judge("intent_id\n", ReadOptions()) != nil)
        #expect(judge("intent_id\n", defaults) == nil)
        #expect(judge("intent_id,result_row\n", ReadOptions()) == nil)
        #expect(judge("action\n", ReadOptions()) == nil)
    }

    @Test("Whatever is clean is good, and the same row", arguments: 0..<20)
    func agreement(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let cells: [[String]] = [
            ["cancel", "capture", "Capture", "cancels", "", " cancel", "total"],
            ["1012411211459019141", "a", "int_Ab-9", "Summe", "", "1.2E+17", "é", "0123", "i i"],
            [
                "", "", "all", "ALL", "1", "0", "0.10", "-1", "\"1,5\"", "1.2345", "99999999999999999999",
                ".5",
                "5.",
            ],
            ["", "EUR", "jpy", "KWD", "XXX", "EURO", " EUR"],
            ["", "late", String(repeating: "é", count: 200), "\"a,b\"", "\"a\"\"b\""],
            ["", "R1", "1.2E+17", "12", String(repeating: "r", count: 65), "\u{201C}R\u{201D}"],
            ["", "", "", "l=1"], ["", "", "", "2026-11-20"], ["", "2026-11-20", "2026-11-20T14:30:00Z", "x"],
            ["", "note", "4111111111111111"],
        ]
        var options = ReadOptions()
        options.blankAmountIsAll = seed % 2 == 1
        if seed % 3 == 1 { options.decimal = .comma }
        let rows = (0..<500).map { _ in
            cells.map { $0.randomElement(using: &generator) ?? "" }.joined(separator: ",")
        }
        _ = try clean(rows, options)
        _ = try clean(rows, allowed: [.cancel], options)
    }

    @Test("A clean line of NDJSON is the same row, too", arguments: 0..<10)
    func lines(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let values: [(String, [String])] = [
            ("action", [#""cancel""#, #""capture""#, #"" cancel""#, "null"]),
            ("intent_id", [#""1012411211459019141""#, #""a\u002db""#, #""Total""#, "7", #""i i""#]),
            ("amount", ["1.50", #""all""#, #""7""#, "null", "true"]),
            ("currency", [#""EUR""#, #""XXX""#, "null"]),
            ("reason", [#""late""#, #""late ""#]),
            ("line_items", ["[]", "null", #"[{"id":"l","amount":1.50}]"#]),
            ("external_data", ["{}", #"{"processing_date":"2026-11-20"}"#]), ("ammount", ["1"]),
            ("action", [#""cancel""#]), ("note", [#""x""#, "{}"]), ("result_run", [#""run""#]),
        ]
        let text = (0..<500).map { _ in
            let members = values.enumerated().compactMap { index, member -> String? in
                guard UInt64.random(in: 0..<10, using: &generator) < (index < 4 ? 9 : 1) else { return nil }
                return "\"\(member.0)\":\(member.1.randomElement(using: &generator) ?? "null")"
            }
            return "{" + members.joined(separator: ",") + "}\n"
        }.joined()
        let allowed: Set<Action> = seed % 2 == 0 ? [.cancel, .capture] : [.cancel]
        let options = ReadOptions()
        let scanner = NDJSONScanner(options: options, limits: RecordLimits())
        scanner.feed(Array(text.utf8)[...])
        scanner.finish()
        let cleanRowJudge = try #require(CleanRowJudge(linesAllowing: allowed, options: options))
        var judge = RowJudge(allowed: allowed, options: options)
        var cleanRows = 0
        while scanner.next() == .record {
            let members = scanner.members
            guard members.isPlain, !members.isBlank,
                let clean = cleanRowJudge.judge(members, row: scanner.row, line: scanner.line)
            else { continue }
            cleanRows += 1
            var problems: [Problem] = []
            let judgement = judge.judge(
                NDJSONCells(members: members, scanner: scanner), row: scanner.row, line: scanner.line,
                into: &problems)
            guard case .good(let row) = judgement else {
                Issue.record("line \(scanner.line) has problems: \(problems)")
                continue
            }
            #expect(clean.row.instruction == row.instruction && problems.isEmpty)
        }
        #expect(cleanRows > 10)
    }

    @Test("Digits are counted eight at a time as one by one")
    func digits() {
        var generator = SeededGenerator(seed: 3)
        let bytes: [UInt8] = [0x00, 0x2F, 0x30, 0x35, 0x39, 0x3A, 0x41, 0x7F, 0x80, 0xAF, 0xB0, 0xB9, 0xFF]
        for length in 0...40 {
            for _ in 0..<50 {
                let onlyDigits = Bool.random(using: &generator)
                let text = (0..<length).map { _ in
                    onlyDigits
                        ? 0x30 + UInt8.random(in: 0...9, using: &generator)
                        : bytes.randomElement(using: &generator) ?? 0
                }
                text.withUnsafeBufferPointer { cell in
                    #expect(CellText.digitCount(cell) == cell.count { CellText.isDigit($0) })
                    let isNumber = !cell.isEmpty && cell.allSatisfy(CellText.isDigit)
                    #expect(CellText.isNumber(cell) == isNumber)
                }
            }
        }
    }

    @Test("Marks are found at each place of eight bytes, whatever the others are")
    func marks() {
        let byteMarks = ByteMarks(separator: UInt8(ascii: ";"))
        let isMark = Set(";\"\n\r".utf8)
        for place in 0..<8 {
            for byte in UInt8.min...UInt8.max {
                for other: UInt8 in [0x00, 0x0A, 0x0B, 0x3A, 0x3B, 0x7F, 0x80, 0x8A, 0xBB, 0xFF] {
                    var bytes = [UInt8](repeating: other, count: 8)
                    bytes[place] = byte
                    let expected = bytes.enumerated().reduce(UInt64(0)) {
                        $0 | (isMark.contains($1.element) ? 0x80 << UInt64(8 * $1.offset) : 0)
                    }
                    bytes.withUnsafeBufferPointer { bytes in
                        #expect(bytes.baseAddress.map { byteMarks.marks(ByteMarks.load($0)) } == expected)
                    }
                }
            }
        }
    }
}

import Instructions
import JSON
import Testing

@testable import InstructionFiles

/// What is written in a dialect reads back as it was.
@Suite struct RoundTripTests {
    private static let dialects: [FileDialect] =
        ReadOptions.Delimiter.allCases.flatMap { delimiter in
            [false, true].map { FileDialect(delimiter: delimiter, needsByteOrderMark: $0) }
        } + [FileDialect(format: .ndjson), FileDialect(format: .ndjson, needsByteOrderMark: true)]

    private static let cells = [
        "", "a", "ä漢🙂", "a,b", "a;b", "a\tb", "\"", "a\nb", "a\r\nb", " x ", "'", "\\", "\u{1}", "null",
        "1.50",
    ]

    @Test("Random records written in any dialect read back equal", arguments: 0..<10)
    func records(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        for dialect in Self.dialects {
            let names = ["intent_id", "note", "größe"]
            let rows = (0..<40).map { row in
                ["int_\(row)"] + (0..<2).map { _ in Self.cells.randomElement(using: &generator) ?? "" }
            }
            var bytes: [UInt8] = []
            let added = ["result_run", "result_row", "result_code"]
            let writer = RecordWriter(dialect, added: added)
            bytes += writer.start
            if dialect.format == .csv {
                bytes += written(writer, names) { for name in added { $0.add(name) } }
            }
            for (index, row) in rows.enumerated() {
                let fields =
                    dialect.format == .csv
                    ? row
                    : zip(names, row).map { JSONValue.string($0).text + ":" + JSONValue.string($1).text }
                bytes += written(writer, fields) {
                    $0.add("run \"1\"")
                    $0.add(index + 7)
                    $0.addNothing()
                }
            }
            for chunkBytes in [1, 1 << 16] {
                let file = try TemporaryFile(bytes)
                var options = ReadOptions()
                if dialect.needsByteOrderMark { options.encoding = .windows1252 }
                var reader = try RecordReader(path: file.path, options: options, chunkBytes: chunkBytes)
                #expect(reader.dialect == dialect)
                if dialect.format == .csv {
                    #expect(try reader.next()?.fields.map(text) == names)
                }
                for (index, row) in rows.enumerated() {
                    let record = try #require(try reader.next())
                    #expect(record.row == index + 1)
                    let read =
                        dialect.format == .csv
                        ? record.fields.map(text)
                        : try record.fields.map { field in
                            let member = try JSONValue(parsing: "{" + text(field) + "}")
                            return try #require(member.object?.members.first?.value.string)
                        }
                    #expect(read.map { Array($0.utf8) } == row.map { Array($0.utf8) })
                    let run = "run \"1\""
                    #expect(record.lineage == Lineage(run: run, row: index + 7))
                }
                #expect(try reader.next() == nil)
                withExtendedLifetime(file) {}
            }
        }
    }

    @Test("The same instructions in any dialect are the same instructions", arguments: 0..<10)
    func instructions(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) &+ 77)
        let rows: [[(name: String, text: String)]] = (0..<30).map { row in
            let isCapture = Bool.random(using: &generator)
            let amount = isCapture ? "\(Int.random(in: 1...9_999, using: &generator)).05" : ""
            return [
                ("Intent ID", "int_\(row)"), ("action", isCapture ? "capture" : "CANCEL"), ("amount", amount),
                ("currency", amount.isEmpty ? "" : "eur"),
                ("reason", Self.cells.randomElement(using: &generator) ?? ""),
                ("expires-at", row % 3 == 0 ? "2026-11-20" : ""),
            ]
        }
        var readings: [[Instruction]] = []
        for dialect in Self.dialects {
            let decimals = dialect.format == .csv ? ReadOptions.DecimalMark.allCases : [.point]
            for decimal in decimals {
                var bytes: [UInt8] = []
                let writer = RecordWriter(dialect, added: [])
                bytes += writer.start
                if dialect.format == .csv { bytes += written(writer, rows[0].map(\.name)) }
                for row in rows {
                    let fields = row.map { cell in
                        let text =
                            cell.name == "amount" && decimal == .comma
                            ? cell.text.replacing(".", with: ",") : cell.text
                        return dialect.format == .csv
                            ? text : JSONValue.string(cell.name).text + ": " + JSONValue.string(text).text
                    }
                    bytes += written(writer, fields)
                }
                var options = ReadOptions()
                options.decimal = decimal
                let reading = try read(bytes, options: options)
                #expect(reading.problems.isEmpty, "\(reading.marks)")
                readings.append(reading.instructions.map(withoutLine))
            }
        }
        #expect(readings[0].count == rows.count)
        #expect(readings.allSatisfy { $0 == readings[0] })
    }

    @Test("A record that is copied whole is the same as one copied field by field", arguments: 0..<10)
    func copies(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) &+ 7)
        let cells = Self.cells + ["=1+1", "'=1", "'x", "-5", "+", "@a", "\t", "\r", "''-"]
        for dialect in Self.dialects where dialect.format == .csv {
            let source = CSVWriter(delimiter: dialect.delimiter, lineEnd: seed % 2 == 0 ? .lf : .crlf)
            var bytes: [UInt8] = []
            source.append(["intent_id", "result_run", "note"].map { Array($0.utf8) }, to: &bytes)
            for _ in 0..<40 {
                let row = ["x"] + (0..<2).map { _ in cells.randomElement(using: &generator) ?? "" }
                source.append(row.shuffled(using: &generator).map { Array($0.utf8) }, to: &bytes)
            }
            let file = try TemporaryFile(bytes)
            for keepsReportColumns in [true, false] {
                func reader() throws -> RecordReader {
                    try RecordReader(
                        path: file.path, options: ReadOptions(), keepsReportColumns: keepsReportColumns)
                }
                var (lending, keeping) = (try reader(), try reader())
                let writer = RecordWriter(dialect, added: [])
                while let lent = try lending.lend() {
                    writer.begin(lent)
                    let copied = Array(writer.end())
                    let kept = try #require(try keeping.next())
                    #expect(kept.row == lent.row)
                    #expect(copied == written(writer, kept.fields.map(text)))
                    var plain: [UInt8] = []
                    CSVWriter(delimiter: dialect.delimiter)
                        .append(kept.fields.map(FormulaGuard.guarded), to: &plain)
                    #expect(copied == plain)
                }
                #expect(try keeping.next() == nil)
            }
            withExtendedLifetime(file) {}
        }
    }

    @Test("Added cells are what a line of JSON values or of guarded fields says")
    func added() throws {
        let texts = Self.cells + ["=1+1", "'-", "\u{1F}\u{7F}", "\n", "漢\\\""]
        let numbers = [0, 7, -3, 1_000, Int.max, Int.min]
        let names = texts.indices.map { "t\($0)" } + numbers.indices.map { "n\($0)" } + ["missing"]
        for dialect in Self.dialects {
            let line = written(RecordWriter(dialect, added: names), []) {
                for text in texts { $0.add(text) }
                for number in numbers { $0.add(number) }
                $0.addNothing()
            }
            guard dialect.format == .ndjson else {
                var plain: [UInt8] = []
                let fields = texts + numbers.map(String.init) + [""]
                CSVWriter(delimiter: dialect.delimiter)
                    .append(fields.map { FormulaGuard.guarded(Array($0.utf8)) }, to: &plain)
                #expect(line == plain)
                continue
            }
            let values =
                texts.map { JSONValue.string($0) } + numbers.map { JSONValue.number(String($0)) } + [.null]
            var object = JSONObject()
            for (name, value) in zip(names, values) { object[name] = value }
            #expect(line == JSONValue.object(object).bytes() + [UInt8(ascii: "\n")])
        }
    }

    private func written(
        _ writer: RecordWriter, _ fields: [String], add: (RecordWriter) -> Void = { _ in }
    ) -> [UInt8] {
        writer.begin()
        for var field in fields { field.withUTF8 { writer.copy($0) } }
        add(writer)
        return Array(writer.end())
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func withoutLine(_ instruction: Instruction) -> Instruction {
        var copy = Instruction(
            row: instruction.row, line: 0, action: instruction.action, intentID: instruction.intentID,
            requested: instruction.requested)
        copy.reason = instruction.reason
        copy.expiresAt = instruction.expiresAt
        return copy
    }
}

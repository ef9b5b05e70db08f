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
            let writer = RecordWriter(dialect, added: ["result_run", "result_row", "result_code"])
            writer.begin(&bytes)
            if dialect.format == .csv { writer.append(header: record(0, names), to: &bytes) }
            for (index, row) in rows.enumerated() {
                let fields =
                    dialect.format == .csv
                    ? row
                    : zip(names, row).map { JSONValue.string($0).text + ":" + JSONValue.string($1).text }
                writer.append(
                    record(index + 1, fields),
                    added: [.text("run \"1\""), .number(String(index + 7)), .nothing], to: &bytes)
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
                writer.begin(&bytes)
                if dialect.format == .csv {
                    writer.append(header: record(0, rows[0].map(\.name)), to: &bytes)
                }
                for (index, row) in rows.enumerated() {
                    let fields = row.map { cell in
                        let text =
                            cell.name == "amount" && decimal == .comma
                            ? cell.text.replacing(".", with: ",") : cell.text
                        return dialect.format == .csv
                            ? text : JSONValue.string(cell.name).text + ": " + JSONValue.string(text).text
                    }
                    writer.append(record(index + 1, fields), added: [], to: &bytes)
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

    private func record(_ row: Int, _ fields: [String]) -> FileRecord {
        FileRecord(
            row: row, line: row, fields: fields.map { Array($0.utf8) }, isBlank: false, lineage: nil)
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

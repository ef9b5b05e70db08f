import Instructions
import Pacing
import Runs
import Testing

import struct InstructionFiles.CSVWriter
import struct InstructionFiles.RecordReader

@testable import Reports

@Suite struct ResultsTextTests {
    @Test("Times are ISO 8601 in UTC with three decimals")
    func times() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"), (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (1_735_689_599_005, "2024-12-31T23:59:59.005Z"), (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_795_140_001_042, "2026-11-20T02:00:01.042Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "10000-01-01T00:00:00.000Z"),
            (.max, "292278994-08-17T07:12:55.807Z"), (.min, "-292275055-05-16T16:47:04.192Z"),
        ] as [(Int64, String)] {
            #expect(UTCText.of(WallTime(milliseconds: milliseconds)) == text)
        }
    }

    @Test("Each day of four centuries follows the one before")
    func days() {
        var (year, month, day) = (1900, 1, 1)
        var milliseconds: Int64 = -2_208_988_800_000
        while year < 2300 {
            let digits = [String(year), String(month + 100).suffix(2) + "", String(day + 100).suffix(2) + ""]
            let text = UTCText.of(WallTime(milliseconds: milliseconds))
            guard text == digits.joined(separator: "-") + "T00:00:00.000Z" else {
                Issue.record("\(text) for \(digits)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
            day += 1
            if day > length { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            milliseconds += 86_400_000
        }
    }

    @Test("The report's name is the input's without its endings")
    func stems() {
        for (name, stem) in [
            ("a.csv", "a"), ("a.csv.gz", "a"), ("a.ndjson.gz", "a"), ("a.b.csv", "a.b"), ("a", "a"),
            ("a.gz", "a"),
            ("a.CSV.GZ", "a"), ("a.csv.ndjson", "a.csv"), ("a.ndjson.csv", "a.ndjson"), ("a.txt", "a.txt"),
            (".csv", ".csv"), ("csv", "csv"), ("Zahlungen März.csv", "Zahlungen März"),
        ] {
            #expect(ReportNames.stem(of: name) == stem)
        }
        let long = String(repeating: "ä", count: 120) + ".csv"
        #expect(ReportNames.stem(of: long) == String(repeating: "ä", count: 90))
    }

    @Test("Whatever the cells contain, the results read back as the input, formulas aside")
    func roundTrip() async throws {
        var generator = SeededGenerator(state: 11)
        let alphabet = ["a", "=", "+", "-", "@", "\t", "\r", "\n", "\"", ",", "'", "ä", " ", "€", "0"]
        var rows: [[String]] = []
        for row in 1...300 {
            rows.append(
                ["r\(row)"]
                    + (0..<3).map { _ in
                        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                            alphabet.randomElement(using: &generator) ?? ""
                        }.joined()
                    })
        }
        var input: [UInt8] = []
        CSVWriter(lineEnd: .crlf).append(["intent_id", "a", "b", "c"].map { Array($0.utf8) }, to: &input)
        for row in rows { CSVWriter(lineEnd: .crlf).append(row.map { Array($0.utf8) }, to: &input) }
        let run = try FinishedRun(
            input: String(decoding: input, as: UTF8.self), rows: 300,
            settled: (1...300).map { settlement($0, .applied) })
        try await run.publish()

        let path = run.folder + "/results.csv"
        try run.write(try run.results(), to: path)
        var reader = try RecordReader(path: path, options: ReadOptions(), keepsReportColumns: true)
        let header = try #require(try reader.next())
        #expect(header.fields.dropFirst(4).map { String(decoding: $0, as: UTF8.self) } == ResultColumns.names)
        for (index, row) in rows.enumerated() {
            let record = try #require(try reader.next())
            #expect(record.row == index + 1)
            #expect(record.fields.count == 4 + 18)
            for (cell, original) in zip(record.fields, row) {
                let text = String(decoding: cell, as: UTF8.self)
                // Marks of its own in front are no help: the guard's own comes off again.
                let first = original.utf8.first { $0 != UInt8(ascii: "'") }
                let isFormula = first.map { Array("=+-@\t\r".utf8).contains($0) } ?? false
                #expect(text.utf8.elementsEqual((isFormula ? "'" : "").utf8 + Array(original.utf8)))
            }
        }
        #expect(try reader.next() == nil)
    }
}

/// SplitMix64; the seed makes a failure repeatable.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

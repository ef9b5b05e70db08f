import Foundation
import Instructions
import JSON
import Testing

@testable import InstructionFiles

/// The corpus csv-spectrum: every file equals its JSON.
@Suite struct CSVSpectrumTests {
    private static let names = [
        "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
        "quotes_and_newlines", "simple", "simple_crlf", "utf8",
    ]

    private static func url(_ path: String) throws -> URL {
        try #require(Bundle.module.url(forResource: "Corpus/csv-spectrum/" + path, withExtension: nil))
    }

    @Test("The corpus is complete")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.url("csvs").path)
        #expect(files.sorted() == Self.names.map { $0 + ".csv" }.sorted())
    }

    @Test("Every file equals its JSON", arguments: names, [1, 7, 1 << 16])
    func equal(name: String, chunkBytes: Int) throws {
        let path = try Self.url("csvs/\(name).csv").path
        var reader = try RecordReader(path: path, options: ReadOptions(), chunkBytes: chunkBytes)
        var records: [[String]] = []
        while let record = try reader.next() {
            records.append(record.fields.map { String(decoding: $0, as: UTF8.self) })
        }
        let header = try #require(records.first)
        let objects = records.dropFirst().map { record in
            Dictionary(uniqueKeysWithValues: zip(header, record))
        }
        let json = try JSONValue(parsing: [UInt8](Data(contentsOf: Self.url("json/\(name).json"))))
        let expected = try #require(json.array).map { value in
            let members = try #require(value.object).members
            return try Dictionary(
                uniqueKeysWithValues: members.map { ($0.key, try #require($0.value.string)) })
        }
        #expect(objects == expected)
    }
}

import Foundation
import Gzip
import JSON
import Testing
import Trials

/// Every way a file may be written, through the real binary to its results.
@Suite("Formats", .serialized)
struct FormatProcessTests {
    private static let names = ["action", "intent_id", "amount", "currency", "reference"]

    /// The first rows of the rehearsal's own file, by the names above.
    private func rows(_ rehearsal: Rehearsal) throws -> [[String]] {
        let text = try String(contentsOfFile: rehearsal.path(rehearsal.file), encoding: .utf8)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let header = try #require(lines.first)
        let places = try Self.names.map { name in try #require(header.firstIndex { $0 == name }) }
        // A row with quotes is not needed here.
        return lines.dropFirst().filter { $0.count == header.count && !$0.joined().contains("\"") }
            .map { row in places.map { String(row[$0]) } }
    }

    private func published(_ rehearsal: Rehearsal, _ name: String) throws -> String {
        let data = try Data(contentsOf: URL(fileURLWithPath: rehearsal.reportFolder() + "/" + name))
        return String(decoding: try Gzip.decompress([UInt8](data), limit: 1 << 24), as: UTF8.self)
    }

    @Test("NDJSON in gzip is run, and its results are NDJSON with its own members first")
    func ndjson() async throws {
        let rehearsal = try Rehearsal(rows: 40)
        let rows = try rows(rehearsal)
        let lines = rows.enumerated().map { index, row in
            var object = JSONObject()
            for (name, cell) in zip(Self.names, row) where !cell.isEmpty {
                object[name] = name == "amount" && cell != "all" ? .number(cell) : .string(cell)
            }
            object["order"] = ["no": .number(String(index)), "tags": ["a", .null]]
            return JSONValue.object(object).text
        }
        let writer = GzipWriter()
        let bytes = writer.append(Array(lines.joined(separator: "\n").utf8)) + writer.finish()
        try Data(bytes).write(to: URL(fileURLWithPath: rehearsal.path("in.ndjson.gz")))
        let ended = try await rehearsal.run("run", "in.ndjson.gz", "--reports", "reports")
        #expect([0, 1].contains(ended.code), "\(ended.err)")
        let results = try published(rehearsal, "in.results.ndjson.gz").split(separator: "\n")
        #expect(results.count == rows.count && rows.count > 20)
        for (result, line) in zip(results, lines) {
            #expect(result.hasPrefix(line.dropLast() + #","result_run":""#))
            #expect(try JSONValue(parsing: String(result))["result_outcome"]?.string?.isEmpty == false)
        }
    }

    @Test("A spreadsheet's file is refused with the option's name, and run with it")
    func spreadsheet() async throws {
        let rehearsal = try Rehearsal(rows: 40)
        let rows = try rows(rehearsal)
        var file = "sep=;\r\n" + (Self.names + ["Straße"]).joined(separator: ";") + "\r\n"
        for row in rows {
            file += (row.map { $0.replacing(".", with: ",") } + ["Allee 1"]).joined(separator: ";") + "\r\n"
        }
        let latin = file.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        try Data(latin).write(to: URL(fileURLWithPath: rehearsal.path("in.csv")))
        let refused = try await rehearsal.run("check", "in.csv")
        #expect(refused.code == 3 && refused.out.contains("--encoding windows-1252"))
        let halfway = try await rehearsal.run("check", "in.csv", "--encoding", "windows-1252")
        #expect(halfway.code == 3 && halfway.out.contains("--decimal comma"))
        let ended = try await rehearsal.run(
            "run", "in.csv", "--encoding", "windows-1252", "--decimal", "comma", "--reports", "reports")
        #expect([0, 1].contains(ended.code), "\(ended.err)")
        let results = try published(rehearsal, "in.results.csv.gz").split(separator: "\n")
        #expect(results.count == rows.count + 1)
        #expect(
            results.first?.hasPrefix("\u{FEFF}action;intent_id;amount;currency;reference;Straße;result_run;")
                == true)
        #expect(results.dropFirst().allSatisfy { $0.contains(";Allee 1;") })
    }
}

import Foundation
import Gzip
import InstructionFiles
import Instructions

/// A row as the results file has it, or as the generator expects it.
package struct ReportedRow: Hashable, Sendable {
    package let row: Int
    package let intentID: String
    package let action: String
    package let outcome: String
    package let code: String
    package var howKnown = ""
    /// The idempotency key of its last attempt; empty where nothing was sent.
    package var key = ""
    /// In major units.
    package var amountApplied = ""
    package var currency = ""

    /// What the generator's expectation says of a row.
    package var isExpectation: ReportedRow {
        ReportedRow(row: row, intentID: intentID, action: action, outcome: outcome, code: code)
    }
}

extension Rehearsal {
    /// The rows that the generator expects.
    package func expected() throws -> [ReportedRow] {
        try records(path("expected-\(gateway).csv")).map { record in
            ReportedRow(
                row: Int(record["row"] ?? "") ?? -1, intentID: record["intent_id"] ?? "",
                action: record["action"] ?? "", outcome: record["outcome"] ?? "", code: record["code"] ?? "")
        }
    }

    /// The folders of published runs, oldest first.
    package func reportFolders(in reports: String = "reports") throws -> [String] {
        let folder = path(reports)
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .map { "\(folder)/\($0)" }
            .filter { FileManager.default.fileExists(atPath: $0 + "/manifest.json") }
    }

    /// The results of the only published run.
    /// - Throws: `TrialError` when there are none or several.
    package func results(in reports: String = "reports") throws -> [ReportedRow] {
        let folders = try reportFolders(in: reports)
        guard folders.count == 1 else { throw TrialError("\(folders.count) reports in \(reports)") }
        return try results(ofReport: folders[0])
    }

    package func results(ofReport folder: String) throws -> [ReportedRow] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        guard let name = names.first(where: { $0.hasSuffix(".results.csv.gz") }) else {
            throw TrialError("no results in \(folder)")
        }
        let packed = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        let plain = path("results-\(UUID().uuidString).csv")
        try Data(try Gzip.decompress(Array(packed), limit: 1 << 30)).write(to: URL(fileURLWithPath: plain))
        defer { try? FileManager.default.removeItem(atPath: plain) }
        return try records(plain).map { record in
            ReportedRow(
                row: Int(record["result_row"] ?? "") ?? -1, intentID: record["intent_id"] ?? "",
                action: record["action"] ?? "", outcome: record["result_outcome"] ?? "",
                code: record["result_code"] ?? "", howKnown: record["result_how_known"] ?? "",
                key: record["result_key"] ?? "", amountApplied: record["result_amount_applied"] ?? "",
                currency: record["result_currency"] ?? "")
        }
    }

    /// The records of a CSV file by the names of its header.
    package func records(_ path: String) throws -> [[String: String]] {
        var reader = try RecordReader(path: path, options: ReadOptions(), keepsReportColumns: true)
        guard let header = try reader.next() else { return [] }
        let names = header.fields.map { String(decoding: $0, as: UTF8.self) }
        var records: [[String: String]] = []
        while let record = try reader.next() {
            let values = record.fields.map { String(decoding: $0, as: UTF8.self) }
            records.append(Dictionary(uniqueKeysWithValues: zip(names, values)))
        }
        return records
    }
}

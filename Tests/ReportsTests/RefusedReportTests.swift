import Foundation
import Gzip
import InstructionFiles
import Instructions
import JSON
import Pacing
import Runs
import Spool
import Testing

@testable import Reports

@Suite struct RefusedReportTests {
    private static let name = "20261120T020001Z-finance-3fa9c1"

    /// A refused file in a folder of its own, removed with it.
    private final class Refusal {
        let folder = NSTemporaryDirectory() + "intentbatch-refused-\(UUID().uuidString)"
        let problems: [Problem]
        let rows: Int

        init(_ input: String, rows: Int, _ problems: [Problem]) throws {
            self.problems = problems
            self.rows = rows
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(input.utf8).write(to: URL(fileURLWithPath: folder + "/snapshot.input"))
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func publish() throws -> ReportWriter.Published {
            let snapshot = folder + "/snapshot.input"
            let file = RefusedReport.File(
                name: RefusedReportTests.name, job: "finance", accountName: "eu",
                identity: AccountIdentity(gateway: "useepay", origin: "sandbox", parties: ["i"]),
                input: InputRecord(
                    name: "march.csv", path: "/in/march.csv", sha256: "ab12", byteCount: 77,
                    snapshotPath: snapshot),
                reading: ReadOptions(), rows: rows, actor: "ann@host", note: nil,
                time: WallTime(milliseconds: 1_795_140_001_000))
            return try RefusedReport(reportsDirectory: folder + "/reports", version: "1.0.0").publish(
                file, problems: { ListedProblems(self.problems) },
                instructions: {
                    try InstructionReader(
                        path: snapshot, allowedActions: Set(Action.allCases), options: ReadOptions())
                })
        }

        func file(_ name: String, in directory: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name)))
        }
    }

    private static func error(
        _ code: String, row: Int?, value: String? = nil, _ severity: Problem.Severity = .error
    ) -> Problem {
        Problem(
            code: code, severity: severity, row: row, line: row.map { $0 + 1 }, column: "amount",
            value: value,
            message: "Not \(code).", mend: "Mend it.")
    }

    private func refusal() throws -> Refusal {
        try Refusal(
            """
            action,intent_id,amount,currency
            capture,1001,10.50,EUR
            capture,1002,"12,50",EUR
            cancel,1003,,
            cancel,1003,,
            capture,1004,=7,EUR

            """, rows: 5,
            [
                Self.error("no_totals", row: nil, .warning),
                Self.error("amount_invalid", row: 2, value: "12,50"),
                Self.error("odd", row: 3, .warning), Self.error("duplicate", row: 4),
                Self.error("amount_invalid", row: 5, value: "=7"), Self.error("second", row: 5),
            ])
    }

    @Test("Every row but the duplicate comes back, with what is wrong with it")
    func resubmit() throws {
        let refusal = try refusal()
        let published = try refusal.publish()
        #expect(published.directory == refusal.folder + "/reports/" + Self.name)
        let bytes = try refusal.file("march.resubmit.csv.gz", in: published.directory)
        let text = String(decoding: try Gzip.decompress(bytes, limit: 1 << 20), as: UTF8.self)
        let time = ",,,,,,,,,,,2026-11-20T02:00:01.000Z"
        let notSent =
            "not_sent,file_refused,other rows of the file have errors; nothing was sent,rule"
        #expect(
            text == """
                action,intent_id,amount,currency,\(ResultColumns.names.joined(separator: ","))
                capture,1001,10.50,EUR,\(Self.name),1,2,\(notSent)\(time)
                capture,1002,"12,50",EUR,\(Self.name),2,3,rejected,amount_invalid,\
                Not amount_invalid. Mend it.,rule\(time)
                cancel,1003,,,\(Self.name),3,4,\(notSent)\(time)
                capture,1004,'=7,EUR,\(Self.name),5,6,rejected,amount_invalid,\
                Not amount_invalid. Mend it.,rule\(time)

                """)
    }

    @Test("The summary ties out, says refused and 3, and the page says it too")
    func summary() throws {
        let refusal = try refusal()
        let published = try refusal.publish()
        #expect(
            published.files.map(\.name) == [
                "march.problems.csv.gz", "march.resubmit.csv.gz", "summary.json", "summary.html",
            ])
        let json = try JSONValue(parsing: refusal.file("summary.json", in: published.directory))
        #expect(json["state"] == "refused")
        #expect(json["exit_code"] == 3)
        #expect(json["counts"]?["rejected"] == 3)
        #expect(json["counts"]?["not_sent"] == 2)
        #expect(json["tie_out"] == ["rows": 5, "sum_of_outcomes": 5, "ties": true])
        #expect(json["resubmit"]?["rows"] == 4)
        #expect(json["problems"]?["errors"] == 4)
        #expect(json["problems"]?["warnings"] == 2)
        let notSent = json["sums"]?.array?.first { $0["action"] == "capture" && $0["outcome"] == "not_sent" }
        #expect(notSent?["asked"] == "10.50" && notSent?["applied"] == "0.00")
        let page = String(decoding: try refusal.file("summary.html", in: published.directory), as: UTF8.self)
        try Golden.expect(page, is: "summary-refused.html")
        let manifest = try JSONValue(parsing: refusal.file("manifest.json", in: published.directory))
        #expect(manifest["state"] == "refused")
    }

    @Test("Refused again within the same second, it gets a folder of its own")
    func again() throws {
        let refusal = try refusal()
        let first = try refusal.publish()
        let second = try refusal.publish()
        #expect(second.directory == first.directory + "-2")
        #expect(second.summary.run.name == Self.name + "-2")
        #expect(try refusal.file("manifest.json", in: first.directory).isEmpty == false)
    }

    @Test("With a card number no row is given back and no value is shown")
    func cardNumber() throws {
        let number = "4111111111111111"
        let refusal = try Refusal(
            "action,intent_id,note,amount\ncapture,1001,\(number),\(number)\n", rows: 1,
            [
                Self.error("card_number", row: 1, value: number),
                Self.error("amount_invalid", row: 1, value: number),
            ])
        let published = try refusal.publish()
        #expect(
            published.files.map(\.name) == ["march.problems.csv.gz", "summary.json", "summary.html"])
        #expect(published.summary.json["resubmit"]?.isNull == true)
        #expect(published.summary.warnings.count == 1)
        for name in try FileManager.default.contentsOfDirectory(atPath: published.directory) {
            var bytes = try refusal.file(name, in: published.directory)
            if name.hasSuffix(".gz") { bytes = try Gzip.decompress(bytes, limit: 1 << 20) }
            #expect(!String(decoding: bytes, as: UTF8.self).contains(number), "\(name)")
        }
    }

    @Test(
        "Where rows cannot be told apart none is given back",
        arguments: ["quote_unterminated", "field_count", "utf8_invalid", "file_empty"])
    func structure(code: String) throws {
        let refusal = try Refusal(
            "action,intent_id\ncancel,1001\ncancel,\"1002\n", rows: 2, [Self.error(code, row: 2)])
        let published = try refusal.publish()
        #expect(!published.files.contains { $0.name.contains("resubmit") })
        #expect(published.summary.warnings.first?.contains("mend the file itself") == true)
        #expect(published.summary.ties)
    }

    @Test("Rows under a header without a needed column are not sent; they are given back")
    func headerFault() throws {
        let refusal = try Refusal(
            "intent_id,note\n1001,a\n1002,b\n", rows: 2, [Self.error("column_missing", row: nil)])
        let published = try refusal.publish()
        #expect(published.summary.counts[.notSent] == 2)
        #expect(published.summary.findings?.resubmit?.rows == 2)
        let unread: JSONValue = [
            "action": "none", "currency": "none", "outcome": "not_sent", "rows": 2, "asked": "0",
            "applied": "0",
        ]
        #expect(published.summary.json["sums"] == [unread])
    }
}

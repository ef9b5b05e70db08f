import Foundation
import Gzip
import JSON
import Testing
import Trials

/// What finance people get back from the real binary, and hand in again.
@Suite("Reports of the real binary", .serialized)
struct ReportProcessTests {
    private static let intents = (1...5).map {
        #"{"id": "101241121145901900\#($0)", "amount": 100.00, "currency": "EUR", "status": "requires_capture"}"#
            + "\n"
    }.joined()

    private func rehearsal(_ input: String) throws -> Rehearsal {
        let rehearsal = try Rehearsal()
        try rehearsal.write(Self.intents, to: "intents-useepay.ndjson")
        try rehearsal.write(input, to: "march.csv")
        return rehearsal
    }

    private func unpacked(_ ending: String, in folder: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let name = try #require(names.first { $0.hasSuffix(ending) }, "\(ending) in \(names)")
        let packed = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        return String(decoding: try Gzip.decompress(Array(packed), limit: 1 << 24), as: UTF8.self)
    }

    private func summary(_ folder: String) throws -> JSONValue {
        try JSONValue(parsing: String(contentsOfFile: folder + "/summary.json", encoding: .utf8))
    }

    @Test("a file that was refused and is run within the same second has a report of each")
    func refusedThenRun() async throws {
        let rehearsal = try rehearsal("action,intent_id\ncancel,1012411211459019001\n")
        for _ in 0..<3 {
            let refused = try await rehearsal.run(
                "run", "march.csv", "--reports", "out", "--expect-rows", "2")
            #expect(refused.code == 3, "\(refused.err)")
        }
        let run = try await rehearsal.run("run", "march.csv", "--reports", "out")
        #expect(run.code == 0, "\(run.out)\(run.err)")
        #expect(try rehearsal.reportFolders(in: "out").count == 4)
    }

    @Test("a mended resubmit file sends only the mended rows, and the two summaries tie out together")
    func resubmit() async throws {
        let rehearsal = try rehearsal(
            """
            action,intent_id,amount,currency,note
            capture,1012411211459019001,100.00,EUR,=1+1
            capture,1012411211459019002,100.00,USD,dollars by mistake
            capture,1012411211459019003,999.00,EUR,too much
            cancel,1012411211459019004,,,-fine
            cancel,9999999999999999995,,,unknown

            """)
        let first = try await rehearsal.run("run", "march.csv", "--reports", "first")
        #expect(first.code == 1, "\(first.err)")
        let folder = try #require(try rehearsal.reportFolders(in: "first").first)
        let effects = try rehearsal.effects()
        #expect(effects.sorted() == ["cancel 1012411211459019004", "capture 1012411211459019001"])

        let given = try unpacked(".resubmit.csv.gz", in: folder)
        #expect(given.split(separator: "\n").count == 4)
        let mended = given.replacing("100.00,USD", with: "100.00,EUR").replacing("999.00", with: "all")
            .replacing("9999999999999999995", with: "1012411211459019005")
        try rehearsal.write(mended, to: "march.resubmit.csv")
        let second = try await rehearsal.run("run", "march.resubmit.csv", "--reports", "second")
        #expect(second.code == 0, "\(second.out)\(second.err)")
        let added = try rehearsal.effects().dropFirst(effects.count)
        #expect(
            added.sorted() == [
                "cancel 1012411211459019005", "capture 1012411211459019002", "capture 1012411211459019003",
            ])

        let (one, two) = (
            try summary(folder), try summary(#require(try rehearsal.reportFolders(in: "second").first))
        )
        #expect(one["resubmit"]?["rows"] == 3)
        #expect(two["rows"] == one["resubmit"]?["rows"])
        #expect(two["parents"] == [["run": one["run"] ?? .null, "rows": 3]])
        let done = [one, two].compactMap { $0["counts"]?["applied"]?.int64 }.reduce(0, +)
        #expect(done == one["rows"]?.int64)
        for summary in [one, two] { #expect(summary["tie_out"]?["ties"] == true) }
    }

    @Test("an id that a spreadsheet damaged on its way back is mended with the id of the row it was")
    func damagedID() async throws {
        let rehearsal = try rehearsal(
            """
            action,intent_id,amount,currency
            capture,1012411211459019002,100.00,USD
            capture,1012411211459019003,999.00,EUR
            capture,1012411211459019001,998.00,EUR

            """)
        #expect(try await rehearsal.run("run", "march.csv", "--reports", "first").code == 1)
        let folder = try #require(try rehearsal.reportFolders(in: "first").first)
        let run = try #require(folder.split(separator: "/").last)
        let given = try unpacked(".resubmit.csv.gz", in: folder)
        let mended = given.replacing("USD", with: "EUR").replacing("999.00", with: "all")
            .replacing("998.00", with: "all")
            .replacing("1012411211459019002", with: "1012411211459010000")
            .replacing("1012411211459019003", with: "1.01241E+18")
        try rehearsal.write(mended, to: "march.resubmit.csv")
        let second = try await rehearsal.run("run", "march.resubmit.csv", "--reports", "second")
        #expect(second.code == 3, "\(second.out)")
        #expect(
            second.out.contains(
                "row 1, column intent_id: error id_rounded: A spreadsheet changed the id that row 1 of \(run) has."
            ),
            "\(second.out)")
        #expect(second.out.contains("Mend: Write 1012411211459019002, the id of row 1 of \(run)"))
        #expect(second.out.contains("Mend: Write 1012411211459019003, the id of row 2 of \(run)"))
        #expect(second.out.contains("2 errors"), "\(second.out)")
        #expect(try rehearsal.effects().isEmpty)

        let again = mended.replacing("1012411211459010000", with: "1012411211459019002")
            .replacing("1.01241E+18", with: "1012411211459019003")
        try rehearsal.write(again, to: "march.resubmit.csv")
        #expect(try await rehearsal.run("run", "march.resubmit.csv", "--reports", "third").code == 0)
        #expect(try rehearsal.effects().count == 3)
    }

    @Test("a refused file has a report that says where to mend it; mended, its resubmit file runs")
    func refused() async throws {
        let rehearsal = try rehearsal(
            """
            action,intent_id,amount,currency
            capture,1012411211459019001,"100,00",EUR
            cancel,1012411211459019002,,
            cancel,1012411211459019002,,

            """)
        let refused = try await rehearsal.run("run", "march.csv", "--reports", "reports")
        #expect(refused.code == 3)
        let folder = try #require(try rehearsal.reportFolders().first)
        #expect(refused.out.contains("report: \(folder)"), "\(refused.out)")
        let manifest = try JSONValue(
            parsing: String(contentsOfFile: folder + "/manifest.json", encoding: .utf8))
        #expect(manifest["state"] == "refused")
        #expect(try summary(folder)["counts"]?["rejected"] == 2)
        let problems = try unpacked(".problems.csv.gz", in: folder)
        #expect(problems.contains("\nerror,duplicate,3,4,intent_id,"))
        let inputs = try FileManager.default.contentsOfDirectory(atPath: rehearsal.path("state/inputs"))
        #expect(!inputs.contains { $0.hasSuffix(".input") }, "no claim on the content: \(inputs)")
        #expect(try await rehearsal.run("runs").out.contains("no runs yet"))

        // It may be handed in again as it is: another report, no exit 6.
        #expect(try await rehearsal.run("run", "march.csv", "--reports", "reports").code == 3)

        let mended = try unpacked(".resubmit.csv.gz", in: folder).replacing("\"100,00\"", with: "100.00")
        try rehearsal.write(mended, to: "march.resubmit.csv")
        let ended = try await rehearsal.run("run", "march.resubmit.csv", "--reports", "second")
        #expect(ended.code == 0, "\(ended.out)\(ended.err)")
        #expect(
            try rehearsal.effects().sorted() == [
                "cancel 1012411211459019002", "capture 1012411211459019001",
            ])
    }

    @Test("show --problems lists what the check said of the input")
    func showProblems() async throws {
        let rehearsal = try rehearsal("action,intent_id\ncancel,1012411211459019001\n,\n")
        #expect(try await rehearsal.run("run", "march.csv", "--reports", "reports").code == 0)
        let shown = try await rehearsal.run("show", "2", "--problems")
        #expect(shown.out.contains("march.csv:3: row 2: warning blank_row"), "\(shown.out)")
        let json = try JSONValue(
            parsing: try await rehearsal.run("show", "2", "--problems", "--output", "json").out)
        #expect(json["problem_list"]?.array?.first?["code"] == "blank_row")
        #expect(json["state"] == "finished")
    }
}

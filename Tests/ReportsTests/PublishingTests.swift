import Foundation
import Instructions
import Runs
import Spool
import Testing

@testable import Reports

@Suite struct PublishingTests {
    private func run(rows: Int = 3) throws -> FinishedRun {
        var input = "action,intent_id\n"
        for row in 1...rows { input += "cancel,\(1000 + row)\n" }
        return try FinishedRun(
            input: input, rows: rows, settled: (1...rows).map { settlement($0, .applied) })
    }

    @Test("Written again, by any release, the files are left exactly as they are")
    func again() async throws {
        let run = try run()
        let first = try await run.publish()
        let before = try run.published()
        let manifest = run.directory + "/manifest.json"
        let file = try FileManager.default.attributesOfItem(atPath: manifest)[.systemFileNumber] as? Int
        let second = try await run.publish(version: "2.0.0")
        #expect(try run.published() == before)
        #expect(first.files == second.files)
        let same = try FileManager.default.attributesOfItem(atPath: manifest)[.systemFileNumber] as? Int
        #expect(file == same)
    }

    @Test("Two directories get the same bytes")
    func twice() async throws {
        let run = try run(rows: 50)
        try await run.publish()
        let first = try run.published()
        try FileManager.default.removeItem(atPath: run.reports)
        try await run.publish()
        #expect(try run.published() == first)
    }

    @Test("A published report that would now be another one is never changed")
    func changed() async throws {
        let run = try run()
        try await run.publish()
        let before = try run.published()
        await run.history.replace(row: 2) { $0.message = "another" }
        let error = try await run.failure()
        #expect(error.code == .published)
        #expect(error.message.contains("cancellations.results.csv.gz differs"))
        #expect(try run.published() == before)
    }

    @Test("A listed file that was removed comes back, but only with the listed content")
    func removed() async throws {
        let run = try run()
        try await run.publish()
        let before = try run.published()
        let results = run.directory + "/cancellations.results.csv.gz"
        try FileManager.default.removeItem(atPath: results)
        try await run.publish()
        #expect(try run.published() == before)

        try FileManager.default.removeItem(atPath: results)
        await run.history.replace(row: 2) { $0.message = "another" }
        #expect(try await run.failure().code == .published)
        #expect(!FileManager.default.fileExists(atPath: results))
    }

    @Test(
        "What a crash left behind is replaced",
        arguments: [
            [".summary.json.tmp-1": "half"], ["cancellations.results.csv.gz": "of another release"],
            ["summary.json": "{}", ".cancellations.results.csv.gz.tmp-77": ""],
            ["cancellations.results.csv.gz": "a", "summary.json": "b", ".manifest.json.tmp-2": "c"],
        ])
    func leftovers(files: [String: String]) async throws {
        let clean = try run()
        try await clean.publish()
        let run = try run()
        for (name, content) in files { try run.write(content, to: run.directory + "/" + name) }
        try await run.publish()
        // The two runs differ in nothing but their folders.
        #expect(try run.published() == (try clean.published()))
    }

    @Test("A manifest that cannot be understood leaves everything as it is", arguments: ["", "{}", "[1]"])
    func foreignManifest(content: String) async throws {
        let run = try run()
        try run.write(content, to: run.directory + "/manifest.json")
        let error = try await run.failure()
        #expect(error.code == .published && error.message.contains("not a manifest of format 1"))
        #expect(try run.published().count == 1)
    }

    @Test("A file in the place of a directory is named, and how to go on")
    func place() async throws {
        for path in [\FinishedRun.reports, \FinishedRun.directory] {
            let run = try run()
            try run.write("", to: run[keyPath: path])
            let error = try await run.failure()
            #expect(error.code == .place)
            #expect(error.message.contains(run[keyPath: path]), "\(error)")
            #expect(error.message.contains("Every row's outcome is kept"))
            #expect(error.message.contains("`intentbatch report \(FinishedRun.name)`"))
        }
    }

    @Test("A file of ours that has become a directory is an error")
    func directoryInPlaceOfFile() async throws {
        let run = try run()
        try run.write("", to: run.directory + "/summary.json/x")
        let error = try await run.failure()
        #expect(error.code == .place && error.message.contains("summary.json"), "\(error)")
    }

    @Test("A snapshot that is missing or damaged publishes nothing")
    func snapshot() async throws {
        for damage in ["", "action,intent_id\ncancel,\"1001\n", nil] {
            let run = try run()
            if let damage {
                try run.write(damage, to: run.record.input.snapshotPath)
            } else {
                try FileManager.default.removeItem(atPath: run.record.input.snapshotPath)
            }
            let error = try await run.failure()
            #expect(error.code == (damage == "" ? .inconsistent : .snapshot), "\(error)")
            #expect(try run.published().isEmpty)
        }
    }

    @Test("A store that contradicts the snapshot or itself publishes nothing")
    func inconsistent() async throws {
        let missing = try run()
        await missing.history.remove(row: 2)
        #expect(try await missing.failure().message.contains("3 rows, but 2 with an outcome"))

        let other = try run()
        await other.history.replace(row: 2) { $0 = settlement(7, .applied) }
        #expect(try await other.failure().message.contains("row 2 has no outcome, row 7 comes next"))

        let longer = try run()
        longer.record.rows = 2
        await longer.history.remove(row: 3)
        #expect(try await longer.failure().message.contains("row 3 has no outcome, nothing comes next"))

        let shorter = try run()
        try shorter.write("action,intent_id\ncancel,1\ncancel,2\n", to: shorter.record.input.snapshotPath)
        #expect(try await shorter.failure().message.contains("row 3 is not in the input"))

        let miscounted = try run()
        await miscounted.history.count(as: [
            OutcomeSum(action: .cancel, currency: nil, outcome: .failed, rows: 3, asked: 0, applied: 0)
        ])
        #expect(try await miscounted.failure().message.contains("its counters and its rows differ"))
        for run in [missing, other, longer, shorter, miscounted] { #expect(try run.published().isEmpty) }
    }

    @Test(
        "Rows are read in pages of a thousand, whatever their number", arguments: [1, 999, 1000, 1001, 2500])
    func pages(rows: Int) async throws {
        let run = try run(rows: rows)
        try await run.publish()
        let lines = try run.results().split(separator: "\n")
        #expect(lines.count == rows + 1)
        for row in 1...rows {
            #expect(
                lines[row].hasPrefix("cancel,\(1000 + row),\(FinishedRun.name),\(row),\(row + 1),applied,"))
        }
        let full = rows / 1000
        #expect(await run.history.pages == Array(repeating: 1000, count: full) + [rows % 1000])
    }
}

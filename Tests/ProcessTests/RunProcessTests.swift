import Foundation
import JSON
import Testing
import Trials

/// The real binary over real HTTP, judged by the sandbox's own ledger.
@Suite("A run of the real binary", .serialized)
struct RunProcessTests {
    @Test("outcomes equal what was expected of each row, effects equal the applied rows one for one")
    func plainRun() async throws {
        let rehearsal = try Rehearsal(rows: 400)
        let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports", "--output", "json")
        #expect(ended.code == 1, "\(ended.err)")
        try rehearsal.judge()
        let object = try JSONValue(parsing: ended.out)
        #expect(object["exit_code"]?.int64 == 1)
        let summary = try #require(object["runs"]?.array?.first)
        let published = try String(
            contentsOfFile: rehearsal.reportFolder() + "/summary.json", encoding: .utf8)
        #expect(try JSONValue(parsing: published) == summary)
        #expect(summary["rows"]?.int64 == 400)
    }

    @Test("the same file again is not run again: exit 6, nothing sent")
    func sameFileAgain() async throws {
        let rehearsal = try Rehearsal(rows: 30)
        try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
        let effects = try rehearsal.effects()
        try FileManager.default.copyItem(
            atPath: rehearsal.path(rehearsal.file), toPath: rehearsal.path("renamed.csv"))
        for name in [rehearsal.file, "renamed.csv"] {
            let again = try await rehearsal.run("run", name, "--reports", "reports")
            #expect(again.code == 6)
            #expect(again.err.contains("next: intentbatch show "))
        }
        #expect(try rehearsal.effects() == effects)
    }

    @Test(
        "kill -9 again and again, then resume: nothing lost, nothing twice", arguments: [1, 2, 3] as [UInt64])
    func kills(seed: UInt64) async throws {
        let rehearsal = try Rehearsal(rows: 400, seed: seed)
        try await rehearsal.killInTheMiddle(times: 3)
        #expect(try await rehearsal.run("runs").out.contains("interrupted"))
        let resumed = try await rehearsal.run("resume")
        #expect(resumed.code == 1, "\(resumed.err)")
        try rehearsal.judge()
    }

    @Test("10 % of answers lost after the effect: every row is known, none twice, none unconfirmed")
    func lostAnswers() async throws {
        let rehearsal = try Rehearsal(
            rows: 300,
            faults: """
                {"seed": 7, "faults": [
                  {"operation": "cancel", "probability": 0.1, "do": "drop_after"},
                  {"operation": "capture", "probability": 0.1, "do": "drop_after"}]}
                """)
        let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
        #expect(ended.code == 1, "\(ended.err)")
        try rehearsal.judge()
        let readBack = try rehearsal.results().count { $0.howKnown == "read_back" }
        #expect(readBack > 5)
    }

    @Test("requests lost before the effect are sent again, once each")
    func lostRequests() async throws {
        let rehearsal = try Rehearsal(
            rows: 200,
            faults: """
                {"seed": 3, "faults": [
                  {"operation": "*", "probability": 0.1, "do": "drop_before"},
                  {"operation": "cancel", "probability": 0.05, "do": "answer", "status": 503},
                  {"operation": "capture", "every": 40, "do": "answer", "status": 429,
                   "headers": {"Retry-After": "1"}}]}
                """)
        let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
        #expect(ended.code == 1, "\(ended.err)")
        try rehearsal.judge()
    }

    @Test("SIGTERM: exit 5, the next command resumes, and the end is the same")
    func sigterm() async throws {
        let rehearsal = try Rehearsal(rows: 300, account: Rehearsal.slow)
        let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
        #expect(try await rehearsal.waitForEffects(10, of: started))
        started.signal(SIGTERM)
        let ended = try await started.end()
        #expect(ended.code == 5, "\(ended.err)")
        #expect(ended.err.contains("next: intentbatch resume "))
        #expect(!FileManager.default.fileExists(atPath: rehearsal.path("reports") + "/summary.json"))
        try rehearsal.configure(Rehearsal.fast)
        let resumed = try await rehearsal.run("resume")
        #expect(resumed.code == 1, "\(resumed.err)")
        try rehearsal.judge()
    }

    @Test("a report written again is the same to the byte")
    func reportAgain() async throws {
        let rehearsal = try Rehearsal(rows: 50)
        let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports", "--output", "json")
        let name = try #require(try JSONValue(parsing: ended.out)["runs"]?.array?.first?["run"]?.string)
        let again = try await rehearsal.run("report", name, "--reports", "second")
        #expect(again.code == 0, "\(again.err)")
        let files = try FileManager.default.contentsOfDirectory(atPath: rehearsal.path("reports/\(name)"))
        #expect(
            files.sorted() == [
                "instructions-useepay.problems.csv.gz", "instructions-useepay.resubmit.csv.gz",
                "instructions-useepay.results.csv.gz", "manifest.json", "summary.html", "summary.json",
            ])
        for published in files {
            let first = try Data(
                contentsOf: URL(fileURLWithPath: rehearsal.path("reports/\(name)/\(published)")))
            let second = try Data(
                contentsOf: URL(fileURLWithPath: rehearsal.path("second/\(name)/\(published)")))
            #expect(first == second, "\(published)")
        }
    }

    @Test("of processes racing for one input exactly one runs it")
    func race() async throws {
        let rehearsal = try Rehearsal(rows: 60)
        let started = try (0..<4).map { _ in
            try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
        }
        var codes: [Int32] = []
        for process in started { codes.append(try await process.end().code) }
        #expect(codes.filter { $0 == 1 }.count == 1, "\(codes)")
        #expect(codes.allSatisfy { [1, 6, 75].contains($0) }, "\(codes)")
        try rehearsal.judge()
    }

    @Test("a job: run, then nothing to do; killed, it goes on by itself")
    func job() async throws {
        let rehearsal = try Rehearsal(rows: 300, account: Rehearsal.slow)
        try rehearsal.write("job: nightly\ninput: \(rehearsal.file)\nreports: reports\n", to: "nightly.yaml")
        let started = try rehearsal.start(["run", "nightly.yaml"])
        #expect(try await rehearsal.waitForEffects(10, of: started))
        started.signal(SIGKILL)
        try await started.end()
        try rehearsal.configure(Rehearsal.fast)
        #expect(try await rehearsal.run("run", "nightly.yaml").code == 1)
        try rehearsal.judge()
        let third = try await rehearsal.run("run", "nightly.yaml", "--quiet")
        #expect(third.code == 0)
        #expect(third.out.isEmpty)
        #expect(third.err.isEmpty, "cron mails whatever is printed: \(third.err)")
    }

    @Test("a report that was prevented is made up for by the next start, which tells the outcome")
    func reportMadeUpFor() async throws {
        for arguments in [["run", "nightly.yaml"], ["resume"], ["run", "instructions-useepay.csv"]] {
            let rehearsal = try Rehearsal(rows: 20)
            try rehearsal.write(
                "job: nightly\ninput: \(rehearsal.file)\nreports: reports\n", to: "nightly.yaml")
            let first = try await rehearsal.run("run", "nightly.yaml", "--output", "json")
            #expect(first.code == 1)
            let name = try #require(try JSONValue(parsing: first.out)["runs"]?.array?.first?["run"]?.string)
            // As a process leaves it that was killed between the run's end and its report.
            try FileManager.default.removeItem(atPath: rehearsal.path("reports/\(name)"))
            try FileManager.default.createDirectory(
                atPath: rehearsal.path("state/unreported"), withIntermediateDirectories: true)
            try rehearsal.write("", to: "state/unreported/\(name)")
            // The next night has another file under the same name.
            if arguments.last == "nightly.yaml" {
                try rehearsal.write("action,intent_id\ncancel,nobody\n", to: rehearsal.file)
            }
            let second = try await rehearsal.start(arguments).end()
            #expect(second.code == 1, "\(arguments): \(second.out)\(second.err)")
            #expect(second.out.contains("\(name): finished"), "\(arguments): \(second.out)\(second.err)")
            #expect(FileManager.default.fileExists(atPath: rehearsal.path("reports/\(name)/manifest.json")))
            let third = try await rehearsal.run("run", "nightly.yaml", "--quiet")
            #expect(third.code == 0, "\(third.err)")
        }
    }

    @Test("a report that a person moved away is not written again by the next start")
    func movedReport() async throws {
        let rehearsal = try Rehearsal(rows: 20)
        #expect(try await rehearsal.run("run", rehearsal.file, "--reports", "reports").code == 1)
        try FileManager.default.removeItem(atPath: rehearsal.path("reports"))
        #expect(try await rehearsal.run("run", rehearsal.file, "--reports", "reports").code == 6)
        #expect(!FileManager.default.fileExists(atPath: rehearsal.path("reports")))
    }
}

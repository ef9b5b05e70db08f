import Foundation
import JSON
import Testing
import Trials

/// What a job takes in, what it leaves, where its files go, and how its exit code is judged, on the real binary.
@Suite("The claim of the real binary", .serialized)
struct ClaimProcessTests {
    private static let header = "action,intent_id\n"

    /// Intents 1012411211459019101 to …110, and a job over `inbox/*.csv`.
    private func rehearsal(_ lines: String...) throws -> Rehearsal {
        let rehearsal = try Rehearsal()
        try rehearsal.write(
            (101...110).map { #"{"id":"1012411211459019\#($0)"}"# + "\n" }.joined(),
            to: "intents-useepay.ndjson")
        try FileManager.default.createDirectory(
            atPath: rehearsal.path("inbox"), withIntermediateDirectories: true)
        try rehearsal.write(
            (["job: nightly", "input: inbox/*.csv", "reports: reports"] + lines).joined(separator: "\n"),
            to: "nightly.yaml")
        return rehearsal
    }

    /// An hour old unless told otherwise, so that a pattern takes it.
    private func put(
        _ rows: [Int], as name: String, in rehearsal: Rehearsal, secondsOld: Double = 3600
    ) throws {
        let text = Self.header + rows.map { "cancel,1012411211459019\($0)\n" }.joined()
        try rehearsal.write(text, to: name)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -secondsOld)], ofItemAtPath: rehearsal.path(name))
    }

    @Test(
        "each match is a run, in name order; the refused one does not stop the rest; each goes to the archive"
    )
    func matches() async throws {
        let rehearsal = try rehearsal("archive: archive")
        try put([102], as: "inbox/b.csv", in: rehearsal)
        try put([101], as: "inbox/a.csv", in: rehearsal)
        try put([103], as: "inbox/c.csv", in: rehearsal, secondsOld: 5)
        try put([104], as: "inbox/d.csv.part", in: rehearsal)
        try put([105], as: "inbox/.e.csv", in: rehearsal)
        try rehearsal.write(Self.header + "cancle,1\n", to: "inbox/aa.csv")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3600)],
            ofItemAtPath: rehearsal.path("inbox/aa.csv"))
        try rehearsal.write(#"{"rows":1}"#, to: "inbox/a.csv.totals.json")

        let ended = try await rehearsal.run("run", "nightly.yaml", "--output", "json")
        #expect(ended.code == 3, "\(ended.err)")
        let object = try JSONValue(parsing: ended.out)
        #expect(object["runs"]?.array?.map { $0["input"]?["name"]?.string } == ["a.csv", "b.csv"])
        let refused = try #require(object["refused"]?.array)
        #expect(refused.count == 1)
        #expect(refused.first?["file"]?.string?.hasSuffix("archive/refused/aa.csv") == true)
        #expect(object["left"]?.array?.count == 2)
        #expect(try rehearsal.effects() == ["cancel 1012411211459019101", "cancel 1012411211459019102"])
        #expect(try listed("archive", rehearsal) == ["a.csv", "a.csv.totals.json", "b.csv", "refused"])
        #expect(try listed("archive/refused", rehearsal) == ["aa.csv"])
        #expect(try listed("inbox", rehearsal) == [".e.csv", "c.csv", "d.csv.part"])

        // The same content under another name was run: skipped, and out of the way.
        try put([101], as: "inbox/again.csv", in: rehearsal)
        try put([103], as: "inbox/c.csv", in: rehearsal, secondsOld: 5)
        let second = try await rehearsal.run("run", "nightly.yaml")
        #expect(second.code == 0, "\(second.err)")
        #expect(second.err.contains("was run already") && second.err.contains("left for the next start"))
        #expect(try listed("archive", rehearsal).contains("again.csv"))
        #expect(try rehearsal.effects().count == 2)
    }

    @Test("nothing to take in is success, or 66 where the job says so; a missing folder is configuration")
    func empty() async throws {
        for (line, code) in [("when-empty: ok", 0), ("when-empty: fail", 66), ("drain: 1s", 0)]
            as [(String, Int32)]
        {
            let rehearsal = try rehearsal(line)
            let ended = try await rehearsal.run("run", "nightly.yaml")
            #expect(ended.code == code, "\(line) \(ended.err)")
            #expect((ended.out + ended.err).contains("no file matches"))
            #expect(ended.err.contains("next: ") == (code != 0))
            try FileManager.default.removeItem(atPath: rehearsal.path("inbox"))
            let without = try await rehearsal.run("run", "nightly.yaml")
            #expect(without.code == 78 && without.err.contains("inbox"), "\(without.err)")
        }
    }

    @Test("a file named by hand is left when its name says that it is still being written")
    func namedByHand() async throws {
        let rehearsal = try rehearsal()
        try put([101], as: "in.csv.part", in: rehearsal)
        try put([102], as: "in.csv", in: rehearsal, secondsOld: 0)
        let ended = try await rehearsal.run("run", "in.csv.part", "in.csv", "--output", "json")
        #expect(ended.code == 0, "\(ended.err)")
        #expect(try JSONValue(parsing: ended.out)["left"]?.array?.count == 1)
        #expect(try rehearsal.effects() == ["cancel 1012411211459019102"])
    }

    @Test("within what the job tolerates the exit code is 0, beyond it 1; the report has it too")
    func tolerated() async throws {
        for (tolerate, code) in [
            ("{ rejected: 50% }", 0), ("{ rejected: 49.9% }", 1), ("{ declined: 50% }", 1),
        ] as [(String, Int32)] {
            let rehearsal = try rehearsal("tolerate: \(tolerate)")
            try put([101, 102], as: "inbox/a.csv", in: rehearsal)
            let text = try String(contentsOfFile: rehearsal.path("inbox/a.csv"), encoding: .utf8)
            try rehearsal.write(text.replacingOccurrences(of: "019102", with: "019999"), to: "inbox/a.csv")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -3600)],
                ofItemAtPath: rehearsal.path("inbox/a.csv"))
            let ended = try await rehearsal.run("run", "nightly.yaml", "--output", "json")
            #expect(ended.code == code, "\(tolerate) \(ended.err)")
            let summary = try #require(try JSONValue(parsing: ended.out)["runs"]?.array?.first)
            #expect(summary["exit_code"]?.int64 == Int64(code))
            #expect(summary["counts"]?["rejected"]?.int64 == 1)
        }
    }

    @Test("--again lifts the file guard only: what took effect is already applied, and why is kept")
    func again() async throws {
        let rehearsal = try rehearsal()
        try put([101, 102], as: "in.csv", in: rehearsal)
        #expect(try await rehearsal.run("run", "in.csv", "--reports", "reports").code == 0)
        #expect(try await rehearsal.run("run", "in.csv", "--reports", "reports").code == 6)
        #expect(try await rehearsal.run("run", "in.csv", "--again", " ").code == 64)
        for number in 1...2 {
            let ended = try await rehearsal.run(
                "run", "in.csv", "--reports", "reports", "--again", "the report was lost", "--output", "json")
            #expect(ended.code == 0, "\(ended.err)")
            let summary = try #require(try JSONValue(parsing: ended.out)["runs"]?.array?.first)
            #expect(summary["counts"]?["already_applied"]?.int64 == 2)
            #expect(summary["again"]?["number"]?.int64 == Int64(number))
            #expect(summary["again"]?["why"]?.string == "the report was lost")
        }
        #expect(try rehearsal.effects().count == 2)
        #expect(try await rehearsal.run("run", "in.csv", "--reports", "reports").code == 6)
    }

    @Test("on a terminal it asks before anything is sent, unless --yes says so")
    func terminal() async throws {
        let rehearsal = try rehearsal()
        try put([101], as: "in.csv", in: rehearsal)
        func onTerminal(_ answer: String, _ arguments: String...) async throws -> EndedProcess {
            let shell = "printf '\(answer)\\n' | script -qec \"$0 $*\" /dev/null"
            return try await rehearsal.start(
                ["run", "in.csv", "--reports", "reports"] + arguments, under: ["/bin/sh", "-c", shell]
            ).end()
        }
        let no = try await onTerminal("no")
        #expect(no.code == 5, "\(no.out)")
        #expect(no.out.contains("PRACTICE") && no.out.contains("127.0.0.1") && no.out.contains("1 row"))
        #expect(try rehearsal.effects().isEmpty)
        let yes = try await onTerminal("yes")
        #expect(yes.code == 0, "\(yes.out)")
        #expect(try rehearsal.effects().count == 1)
        try put([102], as: "in.csv", in: rehearsal)
        let unasked = try await onTerminal("", "--yes")
        #expect(unasked.code == 0 && !unasked.out.contains("Run it?"), "\(unasked.out)")
    }

    private func listed(_ folder: String, _ rehearsal: Rehearsal) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: rehearsal.path(folder)).sorted()
    }
}

import Foundation
import JSON
import Testing
import Trials

/// `resolve`, `abandon` and the guards over runs and restored stores, on the real binary.
@Suite("After a run ended, and beside other runs", .serialized)
struct ResolveProcessTests {
    private static let parts = [Rehearsal.patient, "assume: { partial-capture: final }"]

    /// Three authorizations of 100.00 USD, a part of each to be captured; the first request is lost on its way, so
    /// that its row stays unconfirmed.
    private func partsOfThree() throws -> Rehearsal {
        let rehearsal = try Rehearsal(account: Self.parts)
        try rehearsal.write(
            (1...3).map { #"{"id":"101241121145901910\#($0)"}"# + "\n" }.joined(),
            to: "intents-useepay.ndjson")
        try rehearsal.write(
            "action,intent_id,amount,currency\n"
                + (1...3).map { "capture,101241121145901910\($0),40.00,USD\n" }.joined(), to: rehearsal.file)
        try rehearsal.write(
            #"{"seed":1,"faults":[{"operation":"capture","intent_id":"1012411211459019101","nth":1,"do":"drop_before"}]}"#,
            to: "faults.json")
        return rehearsal
    }

    @Test("what a person found is a new revision; the first report stays, and both can be written again")
    func recordedByPerson() async throws {
        let rehearsal = try partsOfThree()
        try await rehearsal.serving(["--faults", "faults.json"]) { served in
            try rehearsal.configure(served, Self.parts)
            let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
            #expect(ended.code == 2, "\(ended.err)")
            let report = try rehearsal.reportFolder()
            let run = (report as NSString).lastPathComponent
            let first = try contents(of: report)

            let early = try await rehearsal.run("resolve", run)
            #expect(early.code == 2 && early.err.contains("resolvable_later"), "\(early.err)")
            #expect(early.err.contains("--row N --as applied|failed --note TEXT"))
            let calls = try GatewayLedger(path: served.ledger).effects.count

            let found = try await rehearsal.run(
                "resolve", run, "--row", "1", "--as", "failed", "--note", "the dashboard shows nothing",
                "--by", "ann")
            #expect(found.code == 1, "\(found.err)")
            let results = try rehearsal.results(ofReport: report + "/r2")
            #expect(results.map(\.outcome) == ["failed", "applied", "applied"])
            #expect(results[0].howKnown == "person")
            let summary = try JSONValue(
                parsing: String(contentsOfFile: report + "/r2/summary.json", encoding: .utf8))
            #expect(summary["revision"]?.int64 == 2 && summary["supersedes"]?.string == run)
            #expect(try contents(of: report) == first)

            let second = try contents(of: report + "/r2")
            try FileManager.default.removeItem(atPath: report)
            #expect(try await rehearsal.run("report", run).code == 0)
            #expect(try contents(of: report) == first)
            #expect(try contents(of: report + "/r2") == second)

            #expect(
                try await rehearsal.run("resolve", run, "--row", "1", "--as", "applied", "--note", "x").code
                    == 64)
            let resumed = try await rehearsal.run("resume")
            #expect(resumed.out.contains("no interrupted run"), "what was refused changes nothing")
            #expect(try await rehearsal.run("resolve", run).code == 1)
            #expect(try GatewayLedger(path: served.ledger).effects.count == calls, "resolving sends nothing")
        }
    }

    @Test("a lost request that took effect late after all is found by reading again")
    func foundByReading() async throws {
        let rehearsal = try partsOfThree()
        try await rehearsal.serving(["--faults", "faults.json"]) { served in
            try rehearsal.configure(served, Self.parts)
            #expect(try await rehearsal.run("run", rehearsal.file, "--reports", "reports").code == 2)
            let answer = try await served.send(
                "POST", "/api/v1/payment_intents/1012411211459019101/capture", #"{"amount":40.00}"#)
            #expect(answer.status == 200)
            let run = (try rehearsal.reportFolder() as NSString).lastPathComponent
            let resolved = try await rehearsal.run("resolve", run, "--output", "json")
            #expect(resolved.code == 0, "\(resolved.err)")
            let object = try JSONValue(parsing: resolved.out)
            #expect(object["resolved"]?.int64 == 1 && object["exit_code"]?.int64 == 0)
            let results = try rehearsal.results(ofReport: try #require(object["report"]?.string))
            #expect(results.map(\.howKnown) == ["read_back", "response", "response"])
        }
    }

    @Test("an abandoned run is over: its rows add up, nothing more is sent, and it is not run again")
    func abandoned() async throws {
        let rehearsal = try Rehearsal(rows: 200, account: Rehearsal.slow)
        let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
        #expect(try await rehearsal.waitForEffects(20, of: started))
        started.signal(SIGTERM)
        #expect(try await started.end().code == 5)
        let run = try #require(try await runNames(rehearsal).first)
        let effects = try rehearsal.effects().count

        #expect(try await rehearsal.run("abandon", run).code == 64, "a note is needed")
        let abandoned = try await rehearsal.run("abandon", run, "--note", "wrong file", "--output", "json")
        #expect(abandoned.code == 1, "\(abandoned.err)")
        let summary = try #require(try JSONValue(parsing: abandoned.out)["runs"]?.array?.first)
        #expect(summary["state"]?.string == "abandoned")
        #expect(summary["tie_out"]?["ties"] == .bool(true))
        let results = try rehearsal.results()
        #expect(results.count == 200)
        #expect(results.count { $0.outcome == "applied" } == effects)
        #expect(results.contains { $0.outcome == "not_sent" && $0.code == "abandoned" })

        let again = try await rehearsal.run("abandon", run, "--note", "again", "--output", "json")
        #expect(again.code == 64)
        #expect(try JSONValue(parsing: again.out)["exit_code"]?.number == "64", "one object: \(again.out)")
        #expect(try await rehearsal.run("run", rehearsal.file, "--reports", "reports").code == 6)
        #expect(try await rehearsal.run("resume").code == 0)
        #expect(try rehearsal.effects().count == effects)
    }

    @Test("a file saved again with other bytes: what was done is done, and known by the earlier run")
    func savedAgain() async throws {
        let rehearsal = try Rehearsal("mangopay", rows: 120)
        #expect(try await rehearsal.run("run", rehearsal.file, "--reports", "reports").code == 1)
        let effects = try rehearsal.effects().sorted()
        let before = try rehearsal.results()
        let text = try String(contentsOfFile: rehearsal.path(rehearsal.file), encoding: .utf8)
        try rehearsal.write(text + "\n", to: "again.csv")
        let ended = try await rehearsal.run("run", "again.csv", "--reports", "second")
        #expect(ended.code == 1, "\(ended.err)")
        #expect(try rehearsal.effects().sorted() == effects)
        for (row, earlier) in zip(try rehearsal.results(in: "second"), before)
        where earlier.outcome == "applied" {
            let isKnown =
                row.outcome == "already_applied" && row.howKnown == "earlier_run"
                || row.outcome == "rejected" && row.code == "part_applied_by_earlier_run"
            #expect(isKnown, "row \(row.row): \(row.outcome) \(row.code)")
        }
    }

    @Test(
        "what the state shows may be an unconfirmed row's doing, or that of a run before: it is told by name")
    func stateOfAnotherRun() async throws {
        let rehearsal = try Rehearsal()
        let intents = ["u1", "u2"].map {
            #"{"id": "\#($0)", "amount": 100.00, "currency": "EUR", "status": "requires_capture"}"# + "\n"
        }
        try rehearsal.write(intents.joined(), to: "intents-useepay.ndjson")
        try rehearsal.write(
            """
            {"seed": 1, "faults": [{"operation": "cancel", "nth": 1, "do": "drop_after"},
             {"operation": "retrieve", "nth": 2, "do": "answer", "status": 404,
              "body": {"code": "resource_not_found", "message": "x", "source": "id"}}]}
            """, to: "faults.json")
        try await rehearsal.serving(["--faults", "faults.json"]) { served in
            try rehearsal.configure(served, ["timeout: 1s"])
            func run(_ name: String, _ rows: String) async throws -> (Int32, ReportedRow) {
                try rehearsal.write(
                    "action,intent_id,amount,currency,reference\n\(rows)\n", to: name + ".csv")
                let ended = try await rehearsal.run("run", name + ".csv", "--reports", name)
                return (ended.code, try #require(try rehearsal.results(in: name).first))
            }
            let lost = try await run("lost", "cancel,u2,,,")
            #expect(lost.0 == 2 && lost.1.outcome == "unconfirmed")
            for (name, row, code) in [
                ("figures", "cancel,u2,100.00,EUR,", "earlier_run_unsettled"),
                ("same", "cancel,u2,,,\n", "earlier_run_unsettled"),
                ("other", "capture,u2,all,,", "intent_unsettled_elsewhere"),
            ] {
                let next = try await run(name, row)
                #expect(next.0 == 1 && next.1.outcome == "rejected", "\(name): \(next.1)")
                #expect(next.1.code == code, "\(name): \(next.1)")
            }
            #expect(try await run("first", "capture,u1,all,,A1").1.outcome == "applied")
            let known = try await run("again", "capture,u1,100.00,EUR,A1")
            #expect(known.0 == 0 && known.1.outcome == "already_applied")
            #expect(known.1.howKnown == "earlier_run")
        }
    }

    @Test("a store restored from a backup is refused where a published report says that it forgot a run")
    func restoredStore() async throws {
        let rehearsal = try Rehearsal(rows: 30)
        let text = try String(contentsOfFile: rehearsal.path(rehearsal.file), encoding: .utf8)
        let lines = text.split(separator: "\n")
        for (index, name) in ["a.csv", "b.csv", "c.csv"].enumerated() {
            let rows = lines.dropFirst().enumerated().filter { $0.offset % 3 == index }.map(\.element)
            try rehearsal.write(([lines[0]] + rows).joined(separator: "\n") + "\n", to: name)
        }
        try await rehearsal.run("run", "a.csv", "--reports", "reports")
        let (state, backup) = (rehearsal.path("state"), rehearsal.path("backup"))
        try FileManager.default.copyItem(atPath: state, toPath: backup)
        try await rehearsal.run("run", "b.csv", "--reports", "reports")
        // The sandbox's ledger is the gateway's, not ours.
        try FileManager.default.removeItem(atPath: backup + "/sandbox")
        try FileManager.default.moveItem(atPath: state + "/sandbox", toPath: backup + "/sandbox")
        try FileManager.default.removeItem(atPath: state)
        try FileManager.default.moveItem(atPath: backup, toPath: state)

        let effects = try rehearsal.effects()
        for file in ["b.csv", "c.csv"] {
            let refused = try await rehearsal.run("run", file, "--reports", "reports")
            #expect(refused.code == 78, "\(refused.err)")
            #expect(refused.err.contains("restored from a backup"))
        }
        #expect(try rehearsal.effects() == effects)
    }

    @Test("a run goes on only with the account it began with: another identity is exit 78")
    func otherIdentity() async throws {
        let rehearsal = try Rehearsal(rows: 200, account: Rehearsal.slow)
        let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
        #expect(try await rehearsal.waitForEffects(20, of: started))
        started.signal(SIGTERM)
        #expect(try await started.end().code == 5)
        let ledger = try #require(rehearsal.embeddedLedger)
        let configuration = rehearsal.path("intentbatch.yaml")
        let before = try String(contentsOfFile: configuration, encoding: .utf8)
        try FileManager.default.copyItem(
            atPath: rehearsal.path("intents-useepay.ndjson"), toPath: rehearsal.path("others.ndjson"))
        try rehearsal.write(
            before.replacingOccurrences(of: "intents-useepay", with: "others"), to: "intentbatch.yaml")
        let run = try #require(try await runNames(rehearsal).first)
        for command in [["resume", run], ["resolve", run]] {
            let refused = try await rehearsal.start(command).end()
            #expect(refused.code == 78, "\(command) \(refused.err)")
            #expect(refused.err.contains("belongs to"))
        }
        try rehearsal.write(before, to: "intentbatch.yaml")
        try rehearsal.configure(Rehearsal.fast)
        #expect(try await rehearsal.run("resume").code == 1)
        try rehearsal.judge(ledger: ledger)
    }

    // MARK: Steps

    private func runNames(_ rehearsal: Rehearsal) async throws -> [String] {
        let listed = try JSONValue(parsing: try await rehearsal.run("runs", "--output", "json").out)
        return (listed["runs"]?.array ?? []).compactMap { $0["run"]?.string }
    }

    /// The files of a folder, by name; folders in it are left out.
    private func contents(of folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
        }
        return files
    }
}

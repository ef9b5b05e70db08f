import Foundation
import JSON
import Sandbox
import Testing
import Trials

/// `plan`, `explain`, `show` and `doctor`, which look and change nothing, on the real binary.
@Suite("Looking before and after", .serialized)
struct LookingProcessTests {
    private func object(_ ended: EndedProcess) throws -> JSONValue { try JSONValue(parsing: ended.out) }

    @Test(
        "a full plan tells of each row what a run then does, and sends nothing",
        arguments: ["useepay", "mangopay"])
    func planIsRight(gateway: String) async throws {
        let rehearsal = try Rehearsal(gateway, rows: 300)
        let planned = try await rehearsal.run("plan", rehearsal.file, "--full", "--output", "json")
        #expect(planned.code == 0, "\(planned.err)")
        #expect(try rehearsal.effects().isEmpty)
        let plan = try #require(try object(planned)["plans"]?.array?.first)
        #expect(plan["rows"]?.int64 == 300 && plan["not_read"]?.int64 == 0)
        let rows = plan["planned"]?.array ?? []
        #expect(rows.count == 300)
        let totals = plan["totals"]?.array ?? []
        #expect(totals.reduce(0) { $0 + ($1["rows"]?.int64 ?? 0) } == 300)

        #expect(try await rehearsal.run("run", rehearsal.file, "--reports", "reports").code == 1)
        var compared = 0
        for (row, result) in zip(rows, try rehearsal.results()) {
            let effect = row["effect"]?.string ?? ""
            guard
                let expected = [
                    "would_apply": "applied", "already_applied": "already_applied", "rejected": "rejected",
                ][effect]
            else { continue }
            compared += 1
            #expect(result.outcome == expected, "row \(result.row): planned \(effect)")
            if effect == "rejected" { #expect(row["code"]?.string == result.code, "row \(result.row)") }
        }
        #expect(compared > 200, "\(compared) rows were comparable")

        let again = try await rehearsal.run("plan", rehearsal.file)
        #expect(again.code == 6 && again.err.contains("next: intentbatch show "), "\(again.err)")
    }

    @Test("at most 200 intents are read, and it says so; what earlier runs did is told without a read")
    func planIsBounded() async throws {
        let rehearsal = try Rehearsal(rows: 400)
        let text = try await rehearsal.run("plan", rehearsal.file)
        #expect(text.code == 0, "\(text.err)")
        #expect(text.out.contains("read: 200 intents") && text.out.contains("--full reads all"))
        #expect(text.out.contains("a run needs about "))
        #expect(try await rehearsal.run("run", rehearsal.file, "--reports", "reports").code == 1)
        let file = try String(contentsOfFile: rehearsal.path(rehearsal.file), encoding: .utf8)
        try rehearsal.write(file + "\n", to: "saved-again.csv")
        let second = try await rehearsal.run("plan", "saved-again.csv", "--output", "json")
        let totals = try #require(try object(second)["plans"]?.array?.first)["totals"]?.array ?? []
        let known = totals.filter { $0["effect"]?.string == "already_applied" }
        #expect(known.reduce(0) { $0 + ($1["rows"]?.int64 ?? 0) } > 200)
        #expect(!totals.contains { $0["effect"]?.string == "would_apply" }, "\(second.out.suffix(2_000))")
    }

    @Test("a refused file has no plan: exit 3 with its problems; refused credentials end it: exit 4")
    func planRefused() async throws {
        let rehearsal = try Rehearsal(rows: 5)
        try rehearsal.write("action,intent_id\ncancle,1\n", to: "bad.csv")
        let refused = try await rehearsal.run("plan", "bad.csv", rehearsal.file, "--output", "json")
        #expect(refused.code == 3, "\(refused.err)")
        #expect(try object(refused)["refused"]?.array?.count == 1)
        #expect(try object(refused)["plans"]?.array?.count == 1)
        for gateway in ["useepay", "mangopay"] {
            try await withStrictGateway(gateway) { rehearsal in
                let ended = try await rehearsal.run("plan", "in.csv")
                #expect(ended.code == 4, "\(gateway): \(ended.err)")
                #expect(ended.err.contains("credentials") && ended.err.contains("next: "))
                let doctor = try await rehearsal.run("doctor", "--output", "json")
                #expect(doctor.code == 4, "\(gateway): \(doctor.out)")
                #expect(doctor.out.contains("refuses the credentials"))
            }
        }
    }

    /// A gateway that knows other credentials than the account has.
    private func withStrictGateway(_ gateway: String, _ body: (Rehearsal) async throws -> Void) async throws {
        let rehearsal = try Rehearsal(gateway)
        try rehearsal.write("action,intent_id\ncancel,1012411211459019101\n", to: "in.csv")
        let (played, names): (SandboxGateway, String) =
            gateway == "mangopay"
            ? (
                .mangopay(MangopayOptions(credentials: .init(clientID: "a", apiKey: "right"), limits: [])),
                "client-id: a"
            )
            : (
                .useepay(credentials: .init(merchantNo: "1", appID: "a", apiKey: "right")),
                "merchant-no: \"1\", app-id: a"
            )
        let options = SandboxOptions(gateway: played, ledgerPath: rehearsal.path("ledger.ndjson"))
        try await withSandbox(options) { url in
            try rehearsal.write(
                """
                accounts:
                  live:
                    gateway: \(gateway)
                    base-url: \(url)
                    timeout: 2s
                    credentials: { \(names), api-key: { env: REHEARSAL_KEY } }
                """, to: "intentbatch.yaml")
            try await body(rehearsal)
        }
    }

    @Test("explain and show tell all that was done about a payment, by id and by reference")
    func explained() async throws {
        let rehearsal = try Rehearsal()
        try rehearsal.write(
            #"{"id":"1012411211459019101"}"# + "\n" + #"{"id":"1012411211459019102"}"# + "\n",
            to: "intents-useepay.ndjson")
        try rehearsal.write(
            "action,intent_id,reference\ncancel,1012411211459019101,CX-1\ncancel,1012411211459019102,CX-2\n",
            to: "in.csv")
        #expect(
            try await rehearsal.run(
                "run", "in.csv", "--reports", "reports", "--by", "ann", "--note", "ticket 7"
            ).code == 0)
        try rehearsal.write("action,intent_id\ncancel,1012411211459019101\n", to: "second.csv")
        #expect(try await rehearsal.run("run", "second.csv", "--reports", "reports", "--by", "bob").code == 0)

        let byID = try object(
            try await rehearsal.run("explain", "1012411211459019101", "--output", "json"))
        let rows = byID["rows"]?.array ?? []
        #expect(rows.map { $0["outcome"]?["outcome"]?.string } == ["applied", "already_applied"])
        #expect(rows[0]["attempts"]?.array?.map { $0["answer"]?.string } == ["proven"])
        #expect(rows[0]["attempts"]?.array?.first?["status_read_before"]?.string == "requires_capture")
        #expect(rows[1]["attempts"]?.array?.isEmpty == true)
        #expect(rows[1]["outcome"]?["how_known"]?.string == "earlier_run")
        #expect(rows[0]["file"]?.string?.hasSuffix("/in.csv") == true && rows[0]["row"]?.int64 == 1)
        let text = try await rehearsal.run("explain", "CX-2")
        #expect(text.code == 0)
        for words in ["CX-2", "1012411211459019102", "attempt 1, key ", "answer: proven", "claimed by ann"] {
            #expect(text.out.contains(words), "\(words) in \(text.out)")
        }
        #expect(!text.out.contains("1012411211459019101"))
        let none = try await rehearsal.run("explain", "nobody")
        #expect(none.code == 66 && none.err.contains("next: intentbatch runs"), "\(none.err)")

        let run = try #require(rows[0]["run"]?.string)
        let audit = try object(try await rehearsal.run("show", run, "--output", "json"))["audit"]?.array ?? []
        #expect(audit.map { $0["event"]?.string } == ["claimed", "started", "finished", "reported"])
        #expect(audit.allSatisfy { $0["by"]?.string == "ann" && $0["pid"]?.int64 ?? 0 > 0 })
        #expect(audit[0]["note"]?.string == "ticket 7" && audit[1]["note"]?.string == "ticket 7")
    }

    @Test("the doctor says what is wrong and how to mend it, with the code that a run would end with")
    func doctor() async throws {
        let rehearsal = try Rehearsal(rows: 5)
        let well = try await rehearsal.run("doctor")
        #expect(well.code == 0, "\(well.out)\(well.err)")
        for words in [
            "ok: configuration", "ok: state", "ok: clock", "takes the credentials", "partial-capture",
        ] {
            #expect(well.out.contains(words), "\(words) in \(well.out)")
        }
        #expect(try rehearsal.effects().isEmpty)
        #expect(try await rehearsal.run("doctor", "--quiet").out.isEmpty)

        let credentials = "credentials: { merchant-no: \"1\", app-id: a, api-key: { env: KEY } }"
        func configure(_ line: String) throws {
            try rehearsal.write(
                "accounts:\n  live:\n    gateway: useepay\n    timeout: 500ms\n    \(line)\n    \(credentials)\n",
                to: "intentbatch.yaml")
        }
        try configure("base-url: http://127.0.0.1:1")
        let unset = try await rehearsal.run("doctor")
        #expect(unset.code == 78 && unset.out.contains("KEY"), "\(unset.out)")
        let unreachable = try await rehearsal.run(
            "doctor", "--output", "json", environment: ["KEY": "secret-4711"])
        #expect(unreachable.code == 4, "\(unreachable.out)")
        #expect(try object(unreachable)["exit_code"]?.int64 == 4)
        #expect(unreachable.err.contains("next: ") && !unreachable.out.contains("secret-4711"))
        try configure("base-uri: http://127.0.0.1:1")
        let unknown = try await rehearsal.run("doctor")
        #expect(unknown.code == 78 && unknown.out.contains("base-url"), "\(unknown.out)")
        #expect(try await rehearsal.run("doctor", "--account", "other").code == 78)
        try FileManager.default.removeItem(atPath: rehearsal.path("intentbatch.yaml"))
        #expect(try await rehearsal.run("doctor").code == 78)
    }
}

import Foundation
import Testing
import Trials

/// The real binary at a gateway with keys, tokens and line items, judged by the sandbox's own ledger.
@Suite("A Mangopay run of the real binary", .serialized)
struct MangopayProcessTests {
    @Test("outcomes equal what was expected of each row, effects equal the applied rows one for one")
    func plainRun() async throws {
        let rehearsal = try Rehearsal("mangopay", rows: 300)
        let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
        #expect(ended.code == 1, "\(ended.err)")
        try rehearsal.judge()
    }

    @Test("kill -9 again and again, then resume: nothing lost, nothing twice", arguments: [1, 2] as [UInt64])
    func kills(seed: UInt64) async throws {
        let rehearsal = try Rehearsal("mangopay", rows: 400, seed: seed)
        try await rehearsal.killInTheMiddle(times: 3)
        let resumed = try await rehearsal.run("resume")
        #expect(resumed.code == 1, "\(resumed.err)")
        try rehearsal.judge()
    }

    @Test("answers lost after the effect are known by what the gateway stored, parts too: none unconfirmed")
    func lostAnswers() async throws {
        let rehearsal = try Rehearsal(
            "mangopay", rows: 300,
            faults: """
                {"seed": 7, "faults": [
                  {"operation": "cancel", "probability": 0.1, "do": "drop_after"},
                  {"operation": "capture", "probability": 0.1, "do": "drop_after"}]}
                """)
        let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
        #expect(ended.code == 1, "\(ended.err)")
        try rehearsal.judge()
        #expect(try rehearsal.results().count { $0.howKnown == "stored_response" } > 5)
    }

    @Test("requests lost before the effect are repeated under their key")
    func lostRequests() async throws {
        let rehearsal = try Rehearsal(
            "mangopay", rows: 200,
            faults: """
                {"seed": 3, "faults": [
                  {"operation": "cancel", "probability": 0.1, "do": "drop_before"},
                  {"operation": "capture", "probability": 0.1, "do": "drop_before"}]}
                """)
        let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
        #expect(ended.code == 1, "\(ended.err)")
        try rehearsal.judge()
    }

    @Test("effects booked and then 500, the 500 stored, and tokens revoked: known by reading, nothing twice")
    func storedFailures() async throws {
        let rehearsal = try Rehearsal(
            "mangopay", rows: 200,
            faults: """
                {"seed": 5, "faults": [
                  {"operation": "cancel", "probability": 0.1, "do": "apply_then_status", "status": 500},
                  {"operation": "capture", "probability": 0.1, "do": "apply_then_status", "status": 500},
                  {"operation": "retrieve", "nth": 60, "do": "revoke_token"}]}
                """)
        let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
        #expect(ended.code == 1, "\(ended.err)")
        try rehearsal.judge()
        #expect(try rehearsal.results().count { $0.howKnown == "read_back" } > 5)
    }

    @Test("the same input from a second state directory, as from another host: nothing takes effect twice")
    func secondHost() async throws {
        let rehearsal = try Rehearsal("mangopay", rows: 200)
        try await rehearsal.serving { served in
            try rehearsal.configure(served)
            let first = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
            #expect(first.code == 1, "\(first.err)")
            let effects = try rehearsal.effects(served.ledger).sorted()
            let second = try await rehearsal.run(
                "run", rehearsal.file, "--reports", "second", "--state", "other")
            #expect(second.code == 1, "\(second.err)")
            #expect(try rehearsal.effects(served.ledger).sorted() == effects)
            try rehearsal.judge(ledger: served.ledger)
        }
    }
}

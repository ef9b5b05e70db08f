import Foundation
import Sandbox
import Testing

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
        let rehearsal = try Rehearsal(
            "mangopay", rows: 300, seed: seed,
            account: ["timeout: 300ms", "limits: [400/1s]", "concurrency: 32"])
        var effectsWanted = 20
        var killed = 0
        for _ in 0..<3 {
            let arguments = killed == 0 ? ["run", rehearsal.file, "--reports", "reports"] : ["resume"]
            let started = try rehearsal.start(arguments)
            guard try await rehearsal.waitForEffects(effectsWanted, of: started) else {
                _ = await started.end()
                break
            }
            started.signal(SIGKILL)
            _ = await started.end()
            killed += 1
            effectsWanted = try rehearsal.effects().count + 30
        }
        #expect(killed > 0)
        let resumed = try await rehearsal.run("resume")
        #expect(resumed.code == 1, "\(resumed.err)")
        try rehearsal.judge()
    }

    @Test("answers lost after the effect are known by what the gateway stored, parts too: none unconfirmed")
    func lostAnswers() async throws {
        let rehearsal = try Rehearsal(
            "mangopay", rows: 300, account: ["timeout: 300ms", "concurrency: 32"],
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
            "mangopay", rows: 200, account: ["timeout: 300ms", "concurrency: 32"],
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
            "mangopay", rows: 200, account: ["timeout: 300ms", "concurrency: 32"],
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
        let ledger = rehearsal.path("ledger.ndjson")
        let options = SandboxOptions(
            gateway: .mangopay(MangopayOptions(limits: [])),
            intentsPath: rehearsal.path("intents-mangopay.ndjson"),
            ledgerPath: ledger)
        try await withSandbox(options) { url in
            try rehearsal.write(
                """
                accounts:
                  live:
                    gateway: mangopay
                    base-url: \(url)
                    credentials: { client-id: acme, api-key: { env: KEY } }
                    limits: [100000/1s]
                    timeout: 2s
                """, to: "intentbatch.yaml")
            let key = ["KEY": "k"]
            let first = try await rehearsal.run(
                "run", rehearsal.file, "--reports", "reports", environment: key)
            #expect(first.code == 1, "\(first.err)")
            let effects = try rehearsal.effects(ledger).sorted()
            let second = try await rehearsal.run(
                "run", rehearsal.file, "--reports", "second", "--state", "other", environment: key)
            #expect(second.code == 1, "\(second.err)")
            #expect(try rehearsal.effects(ledger).sorted() == effects)
        }
        try rehearsal.judge(ledger: ledger)
    }
}

import Foundation
import Pacing
import Testing
import Trials

/// Limits over several processes, judged by when the calls arrived at a sandbox of its own.
@Suite("Limits of the real binary", .serialized)
struct QuotaProcessTests {
    private static let limits = [CallLimit(calls: 40, length: .seconds(5))]

    @Test("two processes, one killed and resumed, keep one account's limits together")
    func shared() async throws {
        let rehearsal = try Rehearsal(rows: 60)
        let files = try rehearsal.split(into: 2)
        let audit = try await rehearsal.serving { served in
            try rehearsal.configure(served, [Rehearsal.patient, "limits: [40/5s]", "concurrency: 4"])
            let processes = try files.map { try rehearsal.start(["run", $0, "--reports", "reports"]) }
            let met = try await rehearsal.waitForEffects(5, of: processes[0], in: served.ledger)
            #expect(met, "killed before its end")
            try await processes[0].killNow()
            let resumed = try rehearsal.start(["run", files[0], "--reports", "reports"])
            for ended in [try await processes[1].end(), try await resumed.end()] {
                #expect([0, 1].contains(ended.code), "\(ended.err)")
            }
            return CallAudit(try GatewayLedger(path: served.ledger))
        }
        #expect(audit.calls >= 80)
        // Tests run side by side: what was sent may lie for a while before it arrives. `make quotas` is exact; here
        // twice the calls would show.
        #expect(audit.violations(of: Self.limits, slack: .seconds(2)) == 0)
    }

    @Test("a pause of one process is obeyed by another that starts meanwhile")
    func pause() async throws {
        let rehearsal = try Rehearsal(rows: 40)
        let files = try rehearsal.split(into: 2)
        try rehearsal.write(
            #"{"faults":[{"operation":"*","nth":5,"do":"answer","status":429,"headers":{"Retry-After":"6"}}]}"#,
            to: "faults.json")
        let audit = try await rehearsal.serving(["--faults", "faults.json"]) { served in
            try rehearsal.configure(served, [Rehearsal.patient, "limits: [1000/1s]", "concurrency: 1"])
            let first = try rehearsal.start(["run", files[0], "--reports", "reports"])
            while try GatewayLedger(path: served.ledger).struck == 0, first.isRunning {
                try await Task.sleep(for: .milliseconds(20))
            }
            let second = try rehearsal.start(["run", files[1], "--reports", "reports"])
            for process in [first, second] { #expect([0, 1].contains(try await process.end().code)) }
            return CallAudit(try GatewayLedger(path: served.ledger))
        }
        #expect(audit.longestSilence >= .milliseconds(5900))
    }
}

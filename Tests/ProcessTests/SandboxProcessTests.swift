import Foundation
import JSON
import Testing
import Trials

/// `intentbatch sandbox` as a process of its own, spoken to over HTTP.
@Suite("The sandbox as a process", .serialized)
struct SandboxProcessTests {
    private static let create = #"{"amount":100.23,"currency":"USD","merchant_order_id":"o1"}"#

    private func json(_ bytes: Data) throws -> JSONValue { try JSONValue(parsing: Array(bytes)) }

    @Test("starts empty, says where it listens, serves, and ends with 0 on SIGTERM and SIGINT")
    func signals() async throws {
        let rehearsal = try Rehearsal()
        for (signal, order) in [(SIGTERM, "o1"), (SIGINT, "o2")] {
            let started = try rehearsal.start(["sandbox"])
            let served = try await ServedSandbox(started, gateway: "useepay")
            #expect(served.ledger == "./sandbox-useepay.ledger.ndjson")
            let body = Self.create.replacingOccurrences(of: "o1", with: order)
            let made = try await served.send("POST", "/api/v1/payment_intents", body)
            #expect(made.status == 200)
            #expect(try await served.send("GET", "/api/v1/payment_intents/nobody").status == 404)
            let lines = try await served.send("GET", "/sandbox/ledger").bytes
            #expect(
                lines == (try Data(contentsOf: URL(fileURLWithPath: rehearsal.path(served.ledger)))))
            // A connection that hangs does not keep the process.
            let script = #"{"faults":[{"operation":"retrieve","every":1,"do":"hang"}]}"#
            #expect(try await served.send("PUT", "/sandbox/faults", script).status == 200)
            let hanging = Task { try await served.send("GET", "/api/v1/payment_intents/nobody") }
            try await waitForLines(lines.split(separator: 10).count + 1, of: rehearsal.path(served.ledger))
            started.signal(signal)
            let ended = try await started.end()
            #expect(ended.code == 0, "\(ended.err)")
            #expect(ended.err.isEmpty)
            await #expect(throws: (any Error).self) { try await hanging.value }
        }
    }

    private func waitForLines(_ count: Int, of path: String) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 10).count < count {
            guard ContinuousClock.now < deadline else { throw CancellationError() }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test("kill -9, then started again: the ledger replays what was created and done")
    func killed() async throws {
        let rehearsal = try Rehearsal(rows: 5)
        let arguments = [
            "sandbox", "--port", "0", "--gateway", "useepay", "--intents", "intents-useepay.ndjson",
            "--ledger",
            "l.ndjson",
        ]
        let first = try rehearsal.start(arguments)
        let served = try await ServedSandbox(first, gateway: "useepay")
        #expect(served.ledger == "l.ndjson")
        let intents = "/api/v1/payment_intents"
        let id = try #require(
            try json(try await served.send("POST", intents, Self.create).bytes)["id"]?.string)
        #expect(try await served.send("POST", "\(intents)/\(id)/confirm").status == 200)
        #expect(try await served.send("POST", "\(intents)/\(id)/capture").status == 200)
        let before = try await served.send("GET", intents + "?page_size=100").bytes

        let second = try await rehearsal.run(
            "sandbox", "--ledger", "l.ndjson", "--intents", "intents-useepay.ndjson")
        #expect(second.code == 75)
        #expect(second.err.contains("in use by process \(first.process.processIdentifier)"))

        first.signal(SIGKILL)
        try await first.end()
        let third = try rehearsal.start(arguments)
        let again = try await ServedSandbox(third, gateway: "useepay")
        #expect(try await again.send("GET", intents + "?page_size=100").bytes == before)
        #expect(try await again.send("POST", "\(intents)/\(id)/cancel").status == 400)
        #expect(try await again.send("POST", intents, Self.create).status == 400)
        third.signal(SIGTERM)
        #expect(try await third.end().code == 0)
    }

    @Test("what cannot be is refused with the contract's code and the command to type next")
    func refused() async throws {
        let rehearsal = try Rehearsal()
        try rehearsal.write("{", to: "bad.json")
        for (arguments, code) in [
            (["sandbox", "--port", "65536"], 64), (["sandbox", "--gateway", "nobody"], 64),
            (["sandbox", "--intents", "missing.ndjson"], 78), (["sandbox", "--faults", "bad.json"], 78),
            (["sandbox", "--ledger", "no/ledger"], 78),
        ] as [([String], Int32)] {
            let ended = try await rehearsal.start(arguments).end()
            #expect(ended.code == code, "\(arguments)")
            #expect(ended.out.isEmpty)
            #expect(code == 64 || ended.err.contains("then: intentbatch sandbox --port 0"), "\(ended.err)")
        }
        // A port in use.
        let started = try rehearsal.start(["sandbox"])
        let port = try #require(
            try await ServedSandbox(started, gateway: "useepay").url.split(separator: ":").last)
        let ended = try await rehearsal.run("sandbox", "--port", "\(port)", "--ledger", "other.ndjson")
        #expect(ended.code == 78)
        #expect(ended.err.contains("127.0.0.1:\(port)"))
        started.signal(SIGTERM)
        #expect(try await started.end().code == 0)
    }
}

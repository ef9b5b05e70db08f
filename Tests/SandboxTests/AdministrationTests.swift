import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("The sandbox's own endpoints")
struct AdministrationTests {
    private static let intents = (0..<3).map { #"{"id":"i\#($0)","amount":100.23}"# }

    @Test("The ledger is given as it is in its file, and neither request nor credentials leave a trace in it")
    func ledger() async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let empty = try await Client.send(.GET, "\(base)/sandbox/ledger", headers: [])
            #expect(empty.status == 200)
            #expect(empty.body.isEmpty)
            #expect(try await Client.cancel(base, "i0").status == 200)
            // More than one piece.
            let long = String(repeating: "x", count: 200_000)
            #expect(
                try await Client.cancel(base, "i1", #"{"cancellation_reason":"\#(long)"}"#).status == 200)
            let full = try await Client.send(.GET, "\(base)/sandbox/ledger", headers: [])
            #expect(full.contentType == "application/x-ndjson")
            #expect(full.body == Array(try fixture.ledgerText().utf8))
            #expect(try fixture.ledger().count == 6)
        }
    }

    @Test("A new fault script holds from the next request on, and counts from its beginning")
    func faults() async throws {
        let fixture = try SandboxFixture(
            Self.intents, faults: #"{"faults":[{"operation":"cancel","every":1,"do":"drop_before"}]}"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            await #expect(throws: (any Error).self) { try await Client.cancel(base, "i0") }
            let script = #"{"faults":[{"operation":"cancel","nth":2,"do":"answer","status":503}]}"#
            let reply = try await Client.send(.PUT, "\(base)/sandbox/faults", script, headers: [])
            #expect(reply.status == 200)
            #expect(reply.json == ["faults": 1])
            #expect(try await Client.cancel(base, "i0").status == 200)
            #expect(try await Client.cancel(base, "i1").status == 503)
            #expect(try await Client.cancel(base, "i1").status == 200)
            let none = try await Client.send(.PUT, "\(base)/sandbox/faults", #"{"faults":[]}"#)
            #expect(none.json == ["faults": 0])
        }
        #expect(try fixture.effects() == ["cancel i0 100.23", "cancel i1 100.23"])
    }

    @Test("A bad script is refused with what is wrong, and the old one stays")
    func badFaults() async throws {
        let fixture = try SandboxFixture(
            Self.intents, faults: #"{"faults":[{"operation":"cancel","every":1,"do":"html"}]}"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            for (script, words) in [
                ("", "not JSON"), (#"{"faults":[{"operation":"cancel","nth":1,"do":"x"}]}"#, "faults[0].do"),
                (#"{"faults":[{"operation":"cancl","nth":1,"do":"html"}]}"#, "one of retrieve"),
                (#"{"faults":[{"operation":"cancel","nth":1,"do":"revoke_token"}]}"#, "faults[0].do"),
            ] {
                let reply = try await Client.send(.PUT, "\(base)/sandbox/faults", script)
                #expect(reply.status == 400, "\(script)")
                #expect(reply.json["message"]?.string?.contains(words) == true, "\(script)")
            }
            let large = String(repeating: " ", count: (1 << 20) + 1)
            #expect(try await Client.send(.PUT, "\(base)/sandbox/faults", large).status == 413)
            #expect(try await Client.cancel(base, "i0").status == 502)
        }
    }

    @Test("Other paths and methods below /sandbox are refused, with what there is")
    func others() async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            for path in ["/sandbox", "/sandbox/", "/sandbox/intents/i0", "/sandbox/ledger/"] {
                let reply = try await Client.send(.GET, base + path)
                #expect(reply.status == 404, "\(path)")
                #expect(reply.json["message"]?.string?.contains("/sandbox/ledger") == true)
            }
            let post = try await Client.send(.POST, base + "/sandbox/faults", "{}")
            #expect(post.status == 405)
            #expect(post.headers["Allow"] == ["PUT"])
            let delete = try await Client.send(.DELETE, base + "/sandbox/ledger")
            #expect(delete.status == 405)
            #expect(delete.headers["Allow"] == ["GET"])
        }
        #expect(try fixture.ledgerText().isEmpty)
    }
}

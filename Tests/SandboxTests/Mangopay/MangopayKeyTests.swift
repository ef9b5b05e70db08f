import AsyncHTTPClient
import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("Mangopay's idempotency keys")
struct MangopayKeyTests {
    private static func key(_ number: Int) -> String { "0123456789abcdef-\(number)" }

    @Test("The first use is stored, errors too; any later use is 409 without an effect; both after a restart")
    func stored() async throws {
        let fixture = try SandboxFixture.mangopay([MangopayLines.intent("i"), MangopayLines.intent("j")])
        defer { fixture.remove() }
        let part = MangopayClient.partial([("i-a", 100)])
        let stored = try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            let first = try await client.capture("i", part, key: Self.key(1))
            #expect(first.status == 200)
            let refused = try await client.cancel("i", key: Self.key(2))
            #expect(refused.status == 400)
            let unknown = try await client.capture("none", key: Self.key(3))
            #expect(unknown.status == 404)
            for (number, reply) in [(1, first), (2, refused), (3, unknown)] {
                let stored = try await client.stored(Self.key(number))
                #expect(stored.status == 200)
                #expect(stored.json["StatusCode"]?.string == "\(reply.status)")
                #expect(stored.json["ContentLength"]?.string == "\(reply.body.count)")
                #expect(stored.json["ContentType"] == "application/json")
                #expect(stored.json["Date"] == "Mon, 26 Oct 2026 07:33:20 GMT")
                #expect(stored.json["Resource"] == reply.json)
                let path = ["i/captures", "i/cancel", "none/captures"][number - 1]
                #expect(stored.json["RequestURL"]?.string == "\(base)/v3.0/acme/payins/intents/\(path)")
                // Also for another intent, another action, another body.
                for again in [
                    try await client.capture("i", part, key: Self.key(number)),
                    try await client.cancel("j", key: Self.key(number)),
                    try await client.send(.POST, "", "{", key: Self.key(number)),
                ] {
                    #expect(again.status == 409)
                    #expect(again.json["Type"] == "idempotent_creation_conflict")
                    #expect(again.json["errors"] == .null)
                }
                #expect(try await client.stored(Self.key(number)).json == stored.json)
            }
            #expect(try await client.raw(.GET, "/V2.01/acme/responses//" + Self.key(1)).status == 200)
            return [try await client.stored(Self.key(1)).body, try await client.stored(Self.key(2)).body]
        }
        #expect(try fixture.effects() == ["capture i 100"])
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            #expect(try await client.stored(Self.key(1)).body == stored[0])
            #expect(try await client.stored(Self.key(2)).body == stored[1])
            #expect(try await client.capture("i", part, key: Self.key(1)).status == 409)
            #expect(try await client.cancel("j", key: Self.key(3)).status == 409)
        }
        #expect(try fixture.effects() == ["capture i 100"])
        let kinds = try fixture.ledger().compactMap { $0["kind"]?.string }
        #expect(kinds.filter { $0 == "stored" }.count == 2)
    }

    @Test("A key whose answer was lost is used up, its answer can be fetched, and nothing is done twice")
    func lostAnswer() async throws {
        let faults =
            #"{"faults":[{"operation":"capture","nth":1,"do":"drop_after"},"#
            + #"{"operation":"capture","nth":3,"do":"drop_before"}]}"#
        let fixture = try SandboxFixture.mangopay([MangopayLines.intent("i")], faults: faults)
        defer { fixture.remove() }
        let part = MangopayClient.partial([("i-b", 1000)])
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            await #expect(throws: HTTPClientError.self) {
                try await client.capture("i", part, key: Self.key(1))
            }
            #expect(try await client.capture("i", part, key: Self.key(1)).status == 409)
            let stored = try await client.stored(Self.key(1)).json
            #expect(stored["StatusCode"] == "200")
            #expect(stored["Resource"]?["Capture"]?["Id"]?.string?.hasPrefix("int_capture_") == true)
            // Dropped before it was looked at: the key is free.
            await #expect(throws: HTTPClientError.self) {
                try await client.capture("i", part, key: Self.key(2))
            }
            #expect(try await client.stored(Self.key(2)).status == 404)
            #expect(try await client.capture("i", part, key: Self.key(2)).status == 200)
        }
        #expect(try fixture.effects() == ["capture i 1000", "capture i 1000"])
    }

    @Test("An effect whose process died before its answer has used its key up")
    func diedAfterEffect() async throws {
        let fixture = try SandboxFixture.mangopay([MangopayLines.intent("i")])
        defer { fixture.remove() }
        let before = try await withSandbox(fixture.options) { base async throws in
            try await MangopayClient(base).capture(
                "i", MangopayClient.partial([("i-b", 1000)]), key: Self.key(1))
        }
        let lines = try fixture.ledgerText().split(separator: "\n")
        #expect(lines.last?.contains(#""kind":"answer""#) == true)
        #expect(lines.dropLast().last?.contains(#""kind":"effect""#) == true)
        try (lines.dropLast().joined(separator: "\n") + "\n").write(
            toFile: fixture.options.ledgerPath, atomically: true, encoding: .utf8)
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            #expect(try await client.capture("i", key: Self.key(1)).status == 409)
            #expect(try await client.stored(Self.key(1)).json["Resource"] == before.json)
        }
    }

    @Test("Keys are 16 to 36 letters, digits or dashes; other keys are refused and use nothing up")
    func form() async throws {
        let fixture = try SandboxFixture.mangopay([MangopayLines.intent("i")])
        defer { fixture.remove() }
        let bad = [
            "0123456789abcde", String(repeating: "a", count: 37), "0123456789abcde_", "0123456789 abcdef",
        ]
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            for key in bad {
                let reply = try await client.cancel("i", key: key)
                #expect(reply.status == 400, "\(key)")
                #expect(reply.json["Errors"]?["Idempotency-Key"] != nil)
            }
            let longest = "9f8d2e40-9eba-48f9-8A52-DC9BDA4D9041"
            #expect(try await client.cancel("i", key: longest).status == 200)
            #expect(try await client.cancel("i", key: String(longest.prefix(16))).status == 400)
            // Another client's keys are its own.
            let header = [("Authorization", "bearer " + client.token), ("Idempotency-Key", longest)]
            let other = try await Client.send(
                .POST, base + "/v3.0/other/payins/intents/i/cancel", headers: header)
            #expect(other.status == 401)
        }
        #expect(try fixture.ledger().filter { $0["kind"]?.string == "stored" }.count == 1)
    }

    @Test("A key lives for so long, and may then be used again")
    func lifetime() async throws {
        var fixture = try SandboxFixture.mangopay(
            [MangopayLines.intent("i")],
            .init(tokenLifeSeconds: 1_000_000, keyLifetimeSeconds: 3_600, limits: []))
        defer { fixture.remove() }
        let clock = MovingClock()
        fixture.options.unixMilliseconds = { clock.now }
        let part = MangopayClient.partial([("i-b", 1000)])
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            #expect(try await client.capture("i", part, key: Self.key(1)).status == 200)
            clock.move(seconds: 3_599)
            #expect(try await client.stored(Self.key(1)).status == 200)
            #expect(try await client.capture("i", part, key: Self.key(1)).status == 409)
            clock.move(seconds: 1)
            #expect(try await client.stored(Self.key(1)).status == 404)
            #expect(try await client.capture("i", part, key: Self.key(1)).status == 200)
            #expect(try await client.capture("i", part, key: Self.key(1)).status == 409)
        }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            #expect(try await client.capture("i", part, key: Self.key(1)).status == 409)
        }
        #expect(try fixture.effects() == ["capture i 1000", "capture i 1000"])
    }

    @Test("Old answers are let go, the same ones that a search by age would")
    func forgetting() {
        var stored = MangopayStoredAnswers(lifeSeconds: 10)
        for second in 0..<5_000 {
            stored.keep(
                .init(
                    at: Timestamp.text(Int64(second) * 1000), call: second, clientID: "c",
                    key: "k\(second % 3_000)", url: "", status: 200, body: "\(second)"))
        }
        let now: Int64 = 4_999_000
        for second in 2_000..<5_000 {
            let kept = stored.answer(client: "c", key: "k\(second % 3_000)", at: now)
            #expect(kept?.body == (second > 4_989 ? "\(second)" : nil), "\(second)")
        }
    }
}

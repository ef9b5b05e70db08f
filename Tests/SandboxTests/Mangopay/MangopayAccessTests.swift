import Foundation
import HTTPTypes
import JSON
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("Mangopay's tokens, paths and limits")
struct MangopayAccessTests {
    @Test("A token is given for Basic credentials, by form or JSON, on each spelling of the path")
    func tokens() async throws {
        let fixture = try SandboxFixture.mangopay([#"{"Id":"i"}"#])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let form = try await MangopayClient.token(base)
            #expect(form.status == 200)
            #expect(form.json["token_type"] == "bearer")
            #expect(form.json["expires_in"] == 1199)
            let token = try #require(form.json["access_token"]?.string)
            #expect(token.utf8.count == 32 && token.allSatisfy(\.isHexDigit))
            let json = try await MangopayClient.token(base, #"{"grant_type": "client_credentials"}"#)
            #expect(json.status == 200)
            for path in ["/V2.01/oauth/token", "/v2.01//oauth/token", "/v2.01/oauth/token/"] {
                let reply = try await Client.send(
                    .POST, base + path, "grant_type=client_credentials&x=%41", headers: [MangopayClient.basic]
                )
                #expect(reply.status == 200, "\(path)")
            }
            for (body, header) in [
                ("grant_type=password", MangopayClient.basic.1), ("", MangopayClient.basic.1),
                ("{}", MangopayClient.basic.1),
            ] {
                let reply = try await MangopayClient.token(base, body, headers: [("Authorization", header)])
                #expect(reply.status == 400)
                #expect(reply.json["error"] == "unsupported_grant_type")
            }
            for header in ["", "Basic", "Basic !", "Basic YWNtZQ==", "Basic YWNtZTo=", "Bearer YWNtZTp4"] {
                let reply = try await MangopayClient.token(base, headers: [("Authorization", header)])
                #expect(reply.status == 400, "\(header)")
                #expect(reply.json["error"] == "invalid_client", "\(header)")
            }
            for authorization in ["bearer \(token)", "Bearer \(token)", "BEARER  \(token)"] {
                let reply = try await Client.send(
                    .GET, base + "/V3.0/acme//payins/intents/i", headers: [("Authorization", authorization)])
                #expect(reply.status == 200, "\(authorization)")
            }
        }
    }

    @Test("Configured credentials are the only ones, for the token and in the paths")
    func credentials() async throws {
        let fixture = try SandboxFixture.mangopay(
            [#"{"Id":"i"}"#],
            .init(credentials: .init(clientID: "acme", apiKey: "secret"), limits: []))
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            for text in ["acme:wrong", "other:secret"] {
                let header = "Basic " + Data(text.utf8).base64EncodedString()
                let reply = try await MangopayClient.token(base, headers: [("Authorization", header)])
                #expect(reply.status == 401)
                #expect(reply.json["error"] == "invalid_client")
            }
            let client = try await MangopayClient(base)
            #expect(try await client.view("i").status == 200)
            #expect(try await client.raw(.GET, "/v3.0/other/payins/intents/i").status == 401)
        }
    }

    @Test("A missing, foreign, forged or old token gets 401; tokens outlive a restart")
    func refusedTokens() async throws {
        var fixture = try SandboxFixture.mangopay([#"{"Id":"i"}"#], .init(tokenLifeSeconds: 60, limits: []))
        defer { fixture.remove() }
        let clock = MovingClock()
        fixture.options.unixMilliseconds = { clock.now }
        let client = try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            let forged = String(client.token.dropLast()) + (client.token.hasSuffix("0") ? "1" : "0")
            let headers: [[(String, String)]] = [
                [], [("Authorization", "")], [("Authorization", "Bearer")], [("Authorization", "Bearer x")],
                [("Authorization", client.token)], [("Authorization", "Bearer " + forged)],
                [("Authorization", "Basic " + client.token)],
            ]
            for header in headers {
                let reply = try await Client.send(
                    .POST, base + "/v3.0/acme/payins/intents/i/cancel", headers: header)
                #expect(reply.status == 401)
                #expect(reply.json.object?.members.map(\.key) == ["Message", "Type", "Date"])
                #expect(reply.json["Type"] == "invalid_credentials")
            }
            #expect(try await client.raw(.GET, "/v3.0/other/payins/intents/i").status == 401)
            clock.move(seconds: 59)
            #expect(try await client.view("i").status == 200)
            return client
        }
        try await withSandbox(fixture.options) { base async throws in
            func status() async throws -> Int {
                let header = [("Authorization", "bearer " + client.token)]
                return try await Client.send(.GET, base + "/v3.0/acme/payins/intents/i", headers: header)
                    .status
            }
            #expect(try await status() == 200)
            clock.move(seconds: 1)
            #expect(try await status() == 401)
        }
        #expect(try fixture.effects().isEmpty)
    }

    @Test("Revoked tokens are refused and new ones taken; forgotten keys are free again")
    func revoked() throws {
        var rules = MangopayRules(intents: [:], options: .init())
        func request(_ token: String) -> SandboxRequest {
            SandboxRequest(
                method: .get, path: "/v3.0/acme/payins/intents/external-providers",
                headers: [.authorization: "Bearer " + token])
        }
        func token() throws -> String {
            let asked = SandboxRequest(
                method: .post, path: "/v2.01/oauth/token",
                headers: [.authorization: MangopayClient.basic.1, .contentLength: "29"],
                body: Array("grant_type=client_credentials".utf8))
            guard case .answer(let answer) = rules.judge(rules.recognise(asked), asked) else { return "" }
            return try #require(try JSONValue(parsing: answer.body)["access_token"]?.string)
        }
        func status(_ token: String) -> Int? {
            let asked = request(token)
            guard case .answer(let answer) = rules.judge(rules.recognise(asked), asked) else { return nil }
            return answer.status
        }
        let old = try token()
        #expect(status(old) == 200)
        rules.revokeTokens()
        #expect(status(old) == 401)
        #expect(status(try token()) == 200)
        let at = Timestamp.text(1000)
        rules.keep(.init(at: at, call: 1, clientID: "acme", key: "k", url: "", status: 200, body: "{}"))
        #expect(rules.storedAnswers.answer(client: "acme", key: "k", at: 1000) != nil)
        #expect(rules.storedAnswers.answer(client: "other", key: "k", at: 1000) == nil)
        rules.forgetKeys()
        #expect(rules.storedAnswers.answer(client: "acme", key: "k", at: 1000) == nil)
    }

    @Test("Unknown paths and ids are 404, other methods 405, a POST without a length 411, with the envelope")
    func notFound() async throws {
        let fixture = try SandboxFixture.mangopay([#"{"Id":"i"}"#])
        defer { fixture.remove() }
        let table: [(HTTPMethod, String, Int)] = [
            (.GET, "/", 404), (.GET, "/v3.0/acme", 404), (.GET, "/v3.0/acme/payins", 404),
            (.GET, "/v3.0/acme/payins/intents/none", 404),
            (.POST, "/v3.0/acme/payins/intents/none/cancel", 404),
            (.POST, "/v3.0/acme/payins/intents/I/cancel", 404), (.GET, "/v2.01/acme/payins/intents/i", 404),
            (.POST, "/v3.0/acme/payins/intents/i/refunds", 404), (.GET, "/v2.01/acme/responses/none", 404),
            (.GET, "/v3.0/acme/payins/intents/i/cancel", 405), (.PUT, "/v3.0/acme/payins/intents/i", 405),
            (.DELETE, "/v3.0/acme/payins/intents", 405), (.POST, "/v2.01/acme/responses/x", 405),
            (.GET, "/v2.01/oauth/token", 405), (.GET, "/v3.0/acme/payins/intents/%ff", 404),
        ]
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            for (method, path, status) in table {
                let reply = try await client.raw(method, path)
                #expect(reply.status == status, "\(method) \(path)")
                #expect(
                    reply.json.object?.members.map(\.key) == [
                        "Message", "Id", "Date", "Type", "Errors", "errors",
                    ])
                if status == 404 { #expect(reply.json["Type"] == "ressource_not_found") }
            }
            let port = try #require(UInt16(base.split(separator: ":").last ?? ""))
            let bytes = try await RawSocket.exchange(
                port: port,
                "POST /v3.0/acme/payins/intents/i/cancel HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: Bearer \(client.token)\r\nConnection: close\r\n\r\n")
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 411 "))
            let providers = try await client.send(.GET, "/external-providers").json
            #expect(providers.array?.contains("Mangopay") == true)
        }
        #expect(try fixture.effects().isEmpty)
    }

    @Test("Every answer has four lines of each rate header, in the order of the windows")
    func rateHeaders() async throws {
        let fixture = try SandboxFixture.mangopay([#"{"Id":"i"}"#], .init())
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            let replies = [
                try await client.view("i"), try await client.view("none"), try await client.cancel("i"),
                try await client.cancel("i", key: "short"),
                try await Client.send(.GET, base + "/v3.0/acme/payins/intents/i", headers: []),
                try await MangopayClient.token(base),
            ]
            #expect(replies.map(\.status) == [200, 404, 200, 400, 401, 200])
            for (index, reply) in replies.enumerated() {
                let calls = index + 2
                #expect(reply.headers["x-ratelimit"] == Array(repeating: "\(calls)", count: 4))
                #expect(
                    reply.headers["X-RateLimit-Remaining"]
                        == [2_300, 4_500, 8_800, 105_600].map { "\($0 - calls)" })
                #expect(
                    reply.headers["x-ratelimit-reset"]
                        == [900, 1_800, 3_600, 86_400].map { "\(1_793_000_001 + $0)" })
            }
        }
    }

    @Test("A used-up window gives 429 without an effect until its calls are old; a restart keeps the count")
    func limits() async throws {
        let limits = [MangopayLimit(calls: 4, windowSeconds: 10), MangopayLimit(calls: 6, windowSeconds: 60)]
        var fixture = try SandboxFixture.mangopay([MangopayLines.intent("i")], .init(limits: limits))
        defer { fixture.remove() }
        let clock = MovingClock()
        fixture.options.unixMilliseconds = { clock.now }
        let body = MangopayClient.partial([("i-a", 1)])
        let client = try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            clock.move(seconds: 1)
            for _ in 0..<3 { #expect(try await client.capture("i", body).status == 200) }
            let refused = try await client.capture("i", body, key: "0123456789abcdef")
            #expect(refused.status == 429)
            #expect(refused.json["Type"] == "rate_limit")
            #expect(refused.json["errors"] == .null && refused.json["Errors"] == .null)
            #expect(refused.headers["x-ratelimit"] == ["4", "4"])
            #expect(refused.headers["x-ratelimit-remaining"] == ["0", "2"])
            // The token's call leaves the first window 10 s after it came.
            clock.move(seconds: 8)
            #expect(try await client.capture("i", body).status == 429)
            clock.move(seconds: 1)
            #expect(try await client.capture("i", body, key: "0123456789abcdef").status == 200)
            #expect(try await client.view("i").status == 429)
            return client
        }
        try await withSandbox(fixture.options) { base async throws in
            func status() async throws -> Int {
                try await Client.send(
                    .GET, base + "/v3.0/acme/payins/intents/i",
                    headers: [("Authorization", "bearer " + client.token)]
                ).status
            }
            #expect(try await status() == 429)
            clock.move(seconds: 1)
            #expect(try await status() == 200)
            // Six in the long window now, whatever the short one says.
            clock.move(seconds: 30)
            #expect(try await status() == 429)
        }
        #expect(try fixture.effects().count == 4)
    }

    @Test("A window never has more than its calls, over many calls and a trimmed list")
    func slidingWindow() {
        let limits = [
            MangopayLimit(calls: 3, windowSeconds: 1), MangopayLimit(calls: 500, windowSeconds: 600),
        ]
        var windows = MangopayWindows(limits)
        var stream = SplitMix64(seed: 9)
        var admitted: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<20_000 {
            now += Int64(stream.number(below: 700))
            let isFree = limits.allSatisfy { limit in
                let end = now - Int64(limit.windowSeconds) * 1000
                return admitted.reversed().prefix { $0 > end }.count < limit.calls
            }
            #expect(windows.admit(at: now) == isFree)
            if isFree { admitted.append(now) }
        }
        #expect(admitted.count > 5_000)
    }
}

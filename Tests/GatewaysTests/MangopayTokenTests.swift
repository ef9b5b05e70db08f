import Gateways
import Instructions
import Runs
import Testing

@Suite("Mangopay's access token")
struct MangopayTokenTests {
    @Test(
        "A token is good for as long as it says, at most a day",
        arguments: [
            ("1199", Int64(1199)), ("3600", 3600), ("1", 1), ("86400", 86400), ("86401", 86400),
            ("9223372036854775807", 86400),
        ])
    func lifetimes(text: String, seconds: Int64) async throws {
        for type in ["bearer", "Bearer", "BEARER"] {
            let body =
                "{\"access_token\":\"t\",\"token_type\":\"\(type)\",\"expires_in\":\(text),\"x\":[null]}"
            let (answer, requests) = try await tokenAnswer(.answer(http(200, body)))
            #expect(answer == Answer(.token(lifetime: .seconds(seconds)), httpStatus: 200))
            #expect(requests.count == 1)
        }
    }

    private static let locked =
        #"{"error":"unauthorized_client","error_description":"account temporarily locked"}"#
    private static let invalid = #"{"error":"invalid_client","error_description":"Authentication failed"}"#

    @Test("What refuses the credentials themselves, and what is only an outage")
    func failures() async throws {
        let rows: [(Int, String, Bool)] = [
            (400, Self.invalid, true), (401, Self.invalid, true), (401, #"{"error":"invalid_client"}"#, true),
            (403, Self.invalid, false), (500, Self.invalid, false), (429, Self.invalid, false),
            (400, Self.locked, false), (401, Self.locked, false), (401, "", false), (400, "<html>", false),
            (401, mangopayError("invalid_client"), false), (401, mangopayError("invalid_credentials"), false),
            (400, #"{"error":["invalid_client"]}"#, false), (400, #"["invalid_client"]"#, false),
            (404, "", false), (408, "", false), (409, "", false), (429, mangopayError("rate_limit"), false),
            (301, "", false), (500, "", false), (502, "<html>", false), (503, "", false),
        ]
        for (status, body, isRefusal) in rows {
            let (answer, requests) = try await tokenAnswer(.answer(http(status, body)), tokenPlay)
            #expect(answer.kind == (isRefusal ? .credentialsRefused : .ambiguous), "\(status) \(body)")
            #expect(answer.httpStatus == status && answer.message?.isEmpty == false)
            #expect(requests.count == 1)
        }
        let (answer, _) = try await tokenAnswer(.answer(http(400, Self.locked)))
        #expect(answer.gatewayCode == "unauthorized_client")
        #expect(answer.message == "account temporarily locked")
    }

    private static func body(
        token: String = "\"secret-t\"", type: String = "\"bearer\"", life: String = "1199", more: String = ""
    ) -> String {
        "{\"access_token\":\(token),\"token_type\":\(type),\"expires_in\":\(life)\(more)}"
    }

    private static let unusableBodies: [(String, String)] = [
        (body(token: "null"), "access_token"), (body(token: "\"\""), "access_token"),
        (body(token: "7"), "access_token"), (body(token: "\"secret-t\\r\\nX-Evil: 1\""), "access_token"),
        (body(token: "\"secret-t \""), "access_token"), (body(token: "\"secret-té\""), "access_token"),
        (body(token: "\"\(String(repeating: "t", count: 4097))\""), "access_token"),
        (body(type: "\"mac\""), "token_type"), (body(type: "null"), "token_type"),
        (body(life: "0"), "expires_in"), (body(life: "-1"), "expires_in"), (body(life: "null"), "expires_in"),
        (body(life: "\"1199\""), "expires_in"), (body(life: "1199.5"), "expires_in"),
        (body(more: ",\"access_token\":\"secret-t\""), "access_token is written twice"),
        (body(more: ",\"expires_in\":1"), "expires_in is written twice"),
        ("[\(body())]", "no JSON object"), (String(body().dropLast()), "no JSON object"),
        ("", "no JSON object"),
    ]

    @Test("A 200 without a usable token proves nothing, and its body is not shown", arguments: unusableBodies)
    func unusable(body: String, why: String) async throws {
        let (answer, _) = try await tokenAnswer(.answer(http(200, body)))
        #expect(answer.kind == .ambiguous && answer.httpStatus == 200)
        #expect(answer.message?.contains(why) == true, "\(answer)")
        #expect(!"\(answer)".contains("secret-t") && !"\(answer)".contains("tttt"))
    }

    @Test("Before a token was fetched nothing is sent, and the answer is unauthorized without a status")
    func noToken() async throws {
        try await ScriptedServer.running(.answer(http(500, "")), .answer(http(200, mangopayBody()))) {
            server in
            try await withMangopay("http://127.0.0.1:\(server.port)") { client in
                for call in mangopayCalls {
                    let answer = await client.send(client.request(for: call), timeout: .seconds(20))
                    #expect(
                        answer
                            == Answer(
                                .unauthorized,
                                message: "no access token was fetched yet; nothing was sent"))
                }
                #expect(server.connections == 0)
                // A fetch that fails leaves it so.
                _ = await client.send(client.request(for: .token), timeout: .seconds(20))
                let answer = await client.send(client.request(for: mangopayCancel), timeout: .seconds(20))
                #expect(answer.kind == .unauthorized && answer.httpStatus == nil)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("A new token replaces the one before; a fetch that fails and a 401 leave it")
    func renewal() async throws {
        func token(_ text: String) -> Play { .answer(http(200, Self.body(token: "\"\(text)\""))) }
        let ok = Play.answer(http(200, mangopayBody()))
        let plays = [
            token("one"), ok, .answer(http(401, "")), ok, .answer(http(400, Self.locked)), ok, token("two"),
            ok,
        ]
        try await ScriptedServer.running(plays) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)") { client in
                let calls: [GatewayCall] = [
                    .token, mangopayRead, mangopayRead, mangopayRead, .token, mangopayRead, .token,
                    mangopayRead,
                ]
                for call in calls { _ = await client.send(client.request(for: call), timeout: .seconds(20)) }
            }
            let basic = "Basic \(mangopayBasic)"
            #expect(
                server.requests.map { $0.headers["authorization"] } == [
                    basic, "Bearer one", "Bearer one", "Bearer one", basic, "Bearer one", basic, "Bearer two",
                ])
        }
    }

    @Test("64 calls at once while the token is renewed each carry one whole token")
    func renewalUnderLoad() async throws {
        try await ScriptedServer.running(tokenPlay) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)", concurrency: 8) { client in
                _ = await client.send(client.request(for: .token), timeout: .seconds(20))
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<64 {
                        let call = index % 16 == 0 ? GatewayCall.token : mangopayRead
                        group.addTask {
                            _ = await client.send(client.request(for: call), timeout: .seconds(20))
                        }
                    }
                }
            }
            let sent = server.requests.map { $0.headers["authorization"] ?? "" }
            #expect(sent.count == 65)
            #expect(sent.count { $0 == "Bearer \(mangopayToken)" } == 60)
            #expect(sent.count { $0 == "Basic \(mangopayBasic)" } == 5)
        }
    }

    @Test("A token endpoint that echoes the credentials does not bring them into our messages")
    func echoedCredentials() async throws {
        for secret in [mangopayAPIKey, mangopayBasic] {
            let body = "{\"error\":\"bad \(secret)\",\"error_description\":\"\(secret) is\\nunknown\"}"
            for status in [400, 401, 500] {
                let (answer, _) = try await tokenAnswer(.answer(http(status, body)))
                #expect(!"\(answer)".contains(secret) && answer.message == "[hidden] is unknown")
            }
        }
    }
}

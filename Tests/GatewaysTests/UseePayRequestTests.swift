import Gateways
import Instructions
import Runs
import Testing

@Suite("Requests to UseePay")
struct UseePayRequestTests {
    private func client(assume: [String: String] = [:]) throws -> UseePayClient {
        try UseePayClient(
            baseURL: .validated("https://openapi.useepay.com"), credentials: UseePayCredentials(credentials),
            profile: UseePayProfile.profile(assume: assume), concurrency: 1, timeout: .seconds(1))
    }

    @Test(
        "The same call gives the same bytes, and other calls other bytes",
        arguments: [
            (cancelCall(), "POST", "/cancel", #"{"cancellation_reason":"Order cancelled"}"#),
            (cancelCall(reason: nil), "POST", "/cancel", "{}"),
            (cancelCall(reason: ""), "POST", "/cancel", #"{"cancellation_reason":""}"#),
            (
                cancelCall(reason: "a\"b\\c\n\u{1}é😀"), "POST", "/cancel",
                #"{"cancellation_reason":"a\"b\\c\n\u0001é😀"}"#
            ),
            (captureCall(), "POST", "/capture", "{}"),
            (readCall, "GET", "", ""),
        ])
    func bytes(call: GatewayCall, method: String, suffix: String, body: String) async throws {
        let client = try client()
        let request = client.request(for: call)
        #expect(request.call == call)
        #expect(request.method == method)
        #expect(request.path == "/api/v1/payment_intents/\(intentID)\(suffix)")
        #expect(String(decoding: request.body, as: UTF8.self) == body)
        for _ in 0..<50 { #expect(client.request(for: call) == request) }
        try await client.shutdown()
    }

    @Test(
        "A partial capture carries the exact digits of its currency as a JSON number",
        arguments: [
            ("100.23", "USD", "100.23"), ("100.2", "USD", "100.20"), ("100", "USD", "100.00"),
            ("0.01", "EUR", "0.01"), ("100", "JPY", "100"), ("0.005", "KWD", "0.005"),
            ("1.2345", "CLF", "1.2345"),
            ("90071992547409.93", "USD", "90071992547409.93"),
            ("92233720368547758.07", "USD", "92233720368547758.07"),
        ])
    func partialCapture(text: String, currency: String, digits: String) async throws {
        let client = try client(assume: ["partial-capture": "final"])
        let request = client.request(for: captureCall(amount: try money(text, currency)))
        #expect(String(decoding: request.body, as: UTF8.self) == "{\"amount\":\(digits)}")
        try await client.shutdown()
    }

    @Test("The frozen body goes over the wire byte by byte, whatever it is")
    func frozenBody() async throws {
        let body = Array("{ \"amount\" :1.50, \"é\": \"\\u0041\" }\n".utf8)
        try await ScriptedServer.running(.answer(http(200, "{}"))) { server in
            try await withClient("http://127.0.0.1:\(server.port)") { client in
                let frozen = GatewayRequest(
                    call: captureCall(), method: "POST", path: "/api/v1/payment_intents/x/capture", body: body
                )
                _ = await client.send(frozen, timeout: .seconds(20))
            }
            #expect(server.requests.map { Array($0.body.utf8) } == [body])
            #expect(server.requests[0].line == "POST /api/v1/payment_intents/x/capture HTTP/1.1")
        }
    }

    @Test(
        "An id cannot leave its place in the path",
        arguments: [
            ("a/b", "a%2Fb"), ("..", "%2E%2E"), (".", "%2E"), ("a?b#c", "a%3Fb%23c"), ("a%2Fb", "a%252Fb"),
            ("é \r\n", "%C3%A9%20%0D%0A"), ("pi_A-z9", "pi_A-z9"),
        ])
    func paths(id: String, encoded: String) async throws {
        let (_, requests) = try await answer(to: .read(intentID: id), .answer(http(404, "")))
        #expect(requests.map(\.line) == ["GET /api/v1/payment_intents/\(encoded) HTTP/1.1"])
    }

    @Test("A path in the base URL stays in front")
    func basePath() async throws {
        try await ScriptedServer.running(.answer(http(200, "{}"))) { server in
            try await withClient("http://127.0.0.1:\(server.port)/Gate-Way/v2/") { client in
                _ = await client.send(client.request(for: readCall), timeout: .seconds(20))
            }
            #expect(
                server.requests.map(\.line) == [
                    "GET /Gate-Way/v2/api/v1/payment_intents/\(intentID) HTTP/1.1"
                ])
        }
    }
}

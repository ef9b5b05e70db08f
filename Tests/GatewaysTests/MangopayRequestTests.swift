import Gateways
import Instructions
import JSON
import Pacing
import Runs
import Testing

@Suite("Requests to Mangopay")
struct MangopayRequestTests {
    private func withClient(
        _ clientID: String = "acme", body: (MangopayClient) async throws -> Void
    ) async throws {
        let client = try MangopayClient(
            baseURL: .validated("https://api.mangopay.com"),
            credentials: MangopayCredentials(
                GatewayCredentials(["client-id": clientID, "api-key": mangopayAPIKey])),
            concurrency: 1, timeout: .seconds(1))
        try await body(client)
        try await client.shutdown()
    }

    private func bare(_ date: Int64) -> ExternalData { ExternalData(processingDate: date) }

    private func cases() throws -> [(GatewayCall, String, String, String)] {
        let intent = "/v3.0/acme/payins/intents/\(mangopayID)"
        let lines = [LineAmount(id: "li_2", minorUnits: 1), LineAmount(id: "li_1", minorUnits: 9999)]
        let part = mangopayChange(.cancel, amount: try eur(10000), lines: lines)
        let partWithData = mangopayChange(
            .capture, amount: try eur(10000), lines: lines, externalData: bare(1_769_794_421))
        let partBody =
            #"{"Amount":10000,"Currency":"EUR","LineItems":[{"Id":"li_2","Amount":1},"#
            + #"{"Id":"li_1","Amount":9999}]"#
        return [
            (mangopayCancel, "POST", intent + "/cancel", "{}"),
            (mangopayCapture, "POST", intent + "/captures", "{}"),
            (
                .change(mangopayChange(.capture, externalData: bare(0))), "POST", intent + "/captures",
                #"{"ExternalData":{"ExternalProcessingDate":0}}"#
            ),
            (.change(part), "POST", intent + "/cancel", partBody + "}"),
            (
                .change(partWithData), "POST", intent + "/captures",
                partBody + #","ExternalData":{"ExternalProcessingDate":1769794421}}"#
            ),
            (mangopayRead, "GET", intent, ""),
            (mangopayStored, "GET", "/v2.01/acme/responses/\(mangopayKey)", ""),
            (.token, "POST", "/v2.01/oauth/token", "grant_type=client_credentials"),
        ]
    }

    @Test("The same call gives the same bytes, and other calls other bytes")
    func bytes() async throws {
        try await withClient { client in
            for (call, method, path, body) in try cases() {
                let request = client.request(for: call)
                #expect(request.call == call)
                #expect(request.method == method && request.path == path)
                #expect(String(decoding: request.body, as: UTF8.self) == body)
                for _ in 0..<50 { #expect(client.request(for: call) == request) }
            }
        }
    }

    @Test("A token in hand does not change a request")
    func tokenChangesNothing() async throws {
        try await ScriptedServer.running(tokenPlay) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)") { client in
                let before = mangopayCalls.map { client.request(for: $0) }
                _ = await client.send(client.request(for: .token), timeout: .seconds(20))
                #expect(mangopayCalls.map { client.request(for: $0) } == before)
            }
        }
    }

    @Test(
        "Amounts are integers of minor units, whatever the currency",
        arguments: [
            (Int64(1), "EUR"), (1260, "EUR"), (12, "JPY"), (5, "KWD"), (12345, "CLF"),
            (9_007_199_254_740_993, "USD"), (Int64.max, "USD"),
        ])
    func amounts(minorUnits: Int64, code: String) async throws {
        let amount = Money(minorUnits: minorUnits, currency: try #require(Currency(code: code)))
        let change = mangopayChange(
            .capture, amount: amount, lines: [LineAmount(id: "li", minorUnits: minorUnits)])
        try await withClient { client in
            let body = client.request(for: .change(change)).body
            #expect(
                String(decoding: body, as: UTF8.self) == "{\"Amount\":\(minorUnits),\"Currency\":\"\(code)\","
                    + "\"LineItems\":[{\"Id\":\"li\",\"Amount\":\(minorUnits)}]}")
        }
    }

    @Test("Any mix of lines is put on the wire in order, exact to the unit")
    func randomLines() async throws {
        var random = SplitMix64(seed: 7)
        try await withClient { client in
            for _ in 0..<200 {
                let lines = (1...Int.random(in: 1...12, using: &random)).map { index in
                    LineAmount(id: "li_\(index)", minorUnits: Int64.random(in: 1...(1 << 58), using: &random))
                }
                let sum = lines.reduce(0) { $0 + $1.minorUnits }
                let change = mangopayChange(.cancel, amount: try eur(sum), lines: lines)
                let body = try JSONValue(parsing: client.request(for: .change(change)).body)
                #expect(body["Amount"]?.int64 == sum)
                let read = body["LineItems"]?.array?.map { line in
                    LineAmount(id: line["Id"]?.string ?? "", minorUnits: line["Amount"]?.int64 ?? 0)
                }
                #expect(read == lines)
            }
        }
    }

    @Test("A change that the API has no form for traps")
    func impossibleChanges() async {
        await #expect(processExitsWith: .failure, "a short key") {
            try await trap(mangopayChange(.cancel, key: "short-12-1"))
        }
        await #expect(processExitsWith: .failure, "a key with another character") {
            try await trap(mangopayChange(.cancel, key: "abcdefghijklmnop_1"))
        }
        await #expect(processExitsWith: .failure, "a part without lines") {
            try await trap(mangopayChange(.capture, amount: eur(1)))
        }
        await #expect(processExitsWith: .failure, "lines that do not sum to the amount") {
            try await trap(
                mangopayChange(.cancel, amount: eur(2), lines: [LineAmount(id: "a", minorUnits: 1)]))
        }
        await #expect(processExitsWith: .failure, "the whole with lines") {
            try await trap(mangopayChange(.cancel, lines: [LineAmount(id: "a", minorUnits: 1)]))
        }
    }

    @Test(
        "An id cannot leave its place in the path",
        arguments: [
            ("a/b", "a%2Fb"), ("..", "%2E%2E"), ("a?b#c", "a%3Fb%23c"), ("é \r\n", "%C3%A9%20%0D%0A"),
            ("int_A-z9", "int_A-z9"),
        ])
    func paths(id: String, encoded: String) async throws {
        let (_, requests) = try await mangopayAnswer(to: .read(intentID: id), .answer(http(404, "")))
        #expect(requests.map(\.line) == ["GET /v3.0/acme/payins/intents/\(encoded) HTTP/1.1"])
        try await withClient("../x") { client in
            #expect(client.request(for: mangopayRead).path.hasPrefix("/v3.0/%2E%2E%2Fx/payins/"))
        }
    }

    @Test(
        "What each call puts on the wire besides: the key on changes only, the token on all but its own fetch"
    )
    func headers() async throws {
        for call in mangopayCalls {
            let (_, requests) = try await mangopayAnswer(to: call, .answer(http(200, "{}")))
            let headers = try #require(requests.first).headers
            #expect(headers["authorization"] == "Bearer \(mangopayToken)")
            if case .change = call {
                #expect(headers["idempotency-key"] == mangopayKey)
                #expect(headers["content-type"] == "application/json")
                #expect(headers["content-length"] == "2")
            } else {
                #expect(headers["idempotency-key"] == nil && headers["content-type"] == nil)
                #expect(headers["content-length"] == nil)
            }
        }
        let (_, requests) = try await tokenAnswer(tokenPlay)
        var headers = try #require(requests.first).headers
        #expect(requests[0].line == "POST /v2.01/oauth/token HTTP/1.1")
        #expect(requests[0].body == "grant_type=client_credentials")
        headers["host"] = nil
        #expect(
            headers == [
                "authorization": "Basic \(mangopayBasic)",
                "content-type": "application/x-www-form-urlencoded", "accept": "application/json",
                "user-agent": "intentbatch", "content-length": "29",
            ])
    }

    @Test("The frozen body goes over the wire byte by byte, whatever it is")
    func frozenBody() async throws {
        let body = Array("{ \"Amount\" :150, \"é\": \"\\u0041\" }\n".utf8)
        try await ScriptedServer.running(tokenPlay, .answer(http(200, "{}"))) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)/proxy/") { client in
                _ = await client.send(client.request(for: .token), timeout: .seconds(20))
                let frozen = GatewayRequest(
                    call: mangopayCapture, method: "POST", path: "/v3.0/x/payins/intents/y/captures",
                    body: body)
                _ = await client.send(frozen, timeout: .seconds(20))
            }
            #expect(server.requests.dropFirst().map { Array($0.body.utf8) } == [body])
            #expect(server.requests[0].line == "POST /proxy/v2.01/oauth/token HTTP/1.1")
            #expect(server.requests[1].line == "POST /proxy/v3.0/x/payins/intents/y/captures HTTP/1.1")
        }
    }
}

/// Builds the request of a change; for changes that must not have one.
private func trap(_ change: Change) async throws {
    try await withMangopay("https://api.mangopay.com") { client in
        _ = client.request(for: .change(change))
    }
}

import Gateways
import Instructions
import Runs
import Testing

@Suite("A broken wire to Mangopay", .timeLimit(.minutes(2)))
struct MangopayFaultTests {
    private static let whole = http(200, mangopayBody(status: "\"CANCELLED\""))

    /// How the exchange breaks, and the status that is known then.
    private static let faults: [(String, Play, Int?)] = [
        ("closed after reading", .closeAfterReading, nil),
        ("reset after reading", .resetAfterReading, nil),
        ("closed in the status line", .answerAndClose("HTTP/1.1 20"), nil),
        ("closed after the head", .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), 200),
        ("closed before the last byte", .answerAndClose(String(whole.dropLast())), 200),
        (
            "a refusal cut before its last byte",
            .answerAndClose(String(http(400, mangopayError("invalid_action")).dropLast())), 400
        ),
        ("a 404 cut before its last byte", .answerAndClose(String(http(404, "{}").dropLast())), 404),
        (
            "chunks without an end",
            .answerAndClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), 200
        ),
        ("no HTTP at all", .answerAndClose("SSH-2.0-OpenSSH_9.6\r\n"), nil),
        ("too long", .answer("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n{"), 200),
    ]

    @Test("Proves nothing, and the request is not repeated", arguments: faults.indices)
    func faultIsAmbiguous(index: Int) async throws {
        let (fault, play, status) = Self.faults[index]
        for call in mangopayCalls {
            // A second attempt would be answered with success, and so be found out.
            let (answer, requests) = try await mangopayAnswer(to: call, play, .answer(Self.whole))
            #expect(answer.kind == .ambiguous, "\(fault): \(answer)")
            #expect(answer.httpStatus == status && answer.message?.isEmpty == false)
            #expect(requests.count == 1, "\(fault)")
        }
        let (answer, requests) = try await tokenAnswer(play, tokenPlay)
        #expect(answer.kind == .ambiguous && answer.httpStatus == status, "\(fault): \(answer)")
        #expect(requests.count == 1)
    }

    @Test(
        "A redirect is not followed, and its target sees neither token nor key",
        arguments: [301, 302, 307, 308])
    func redirects(status: Int) async throws {
        try await ScriptedServer.running(.answer(Self.whole)) { target in
            let play = Play.answer(http(status, "", headers: ["Location: http://127.0.0.1:\(target.port)/x"]))
            for call in mangopayCalls {
                let (answer, requests) = try await mangopayAnswer(to: call, play)
                #expect(answer.kind == .ambiguous && answer.httpStatus == status)
                #expect(requests.count == 1)
            }
            let (answer, _) = try await tokenAnswer(play)
            #expect(answer.kind == .ambiguous)
            #expect(target.connections == 0)
        }
    }

    @Test("Silence and a dripping body are given up at the deadline")
    func deadline() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{"
        for (play, status) in [(Play.hang, nil), (.drip(head), 200)] as [(Play, Int?)] {
            let (answer, requests) = try await mangopayAnswer(to: mangopayCancel, play, timeout: .seconds(3))
            #expect(answer.kind == .ambiguous && answer.httpStatus == status)
            #expect(answer.message == "no whole answer came in time")
            #expect(requests.count == 1)
            let (token, _) = try await tokenAnswer(play, timeout: .seconds(3))
            #expect(token.kind == .ambiguous && token.httpStatus == status)
        }
    }

    @Test("A refused connection: nothing was sent, for a token and for the calls with one")
    func refusedConnection() async throws {
        // Its answer ends the connection, so that the next call needs a new one.
        let last = Play.answerAndClose(http(200, tokenBody, headers: ["Connection: close"]))
        let clients = try await ScriptedServer.running(last) { server in
            let client = try Gateways.client(
                named: "mangopay",
                setup: GatewaySetup(
                    baseURL: .validated("http://127.0.0.1:\(server.port)"), credentials: mangopayCredentials,
                    concurrency: 4, timeout: .seconds(20)))
            let token = await client.send(client.request(for: .token), timeout: .seconds(20))
            #expect(token.kind == .token(lifetime: .seconds(1199)))
            return client
        }
        for call in mangopayCalls + [.token] {
            let answer = await clients.send(clients.request(for: call), timeout: .seconds(20))
            #expect(answer.kind == .notSent && answer.httpStatus == nil, "\(answer)")
            #expect(answer.message?.contains("nothing was sent") == true)
        }
        try await clients.shutdown()
    }

    @Test("A cancelled task gives up its call and does not know what became of it")
    func cancellation() async throws {
        try await ScriptedServer.running(tokenPlay, .hang, .answer(Self.whole)) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)") { client in
                _ = await client.send(client.request(for: .token), timeout: .seconds(20))
                let sending = Task {
                    await client.send(client.request(for: mangopayCancel), timeout: .seconds(600))
                }
                await server.received(count: 2)
                sending.cancel()
                #expect(await sending.value.kind == .ambiguous)
            }
            #expect(server.requests.count == 2)
        }
    }
}

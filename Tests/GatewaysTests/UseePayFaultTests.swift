import Gateways
import Glibc
import Instructions
import NIOCore
import NIOPosix
import Runs
import Testing

@Suite("A broken wire", .timeLimit(.minutes(2)))
struct UseePayFaultTests {
    private static let whole = http(200, intentBody(status: "\"canceled\""))

    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let play: Play
        /// nil where not even a head came.
        let status: Int?
        /// Requests that reach the server.
        var requests = 1
    }

    static let faults = [
        Fault(testDescription: "closed before reading", play: .closeOnConnect, status: nil, requests: 0),
        Fault(testDescription: "closed after reading", play: .closeAfterReading, status: nil),
        Fault(testDescription: "reset after reading", play: .resetAfterReading, status: nil),
        Fault(
            testDescription: "closed in the status line", play: .answerAndClose("HTTP/1.1 20"), status: nil),
        Fault(
            testDescription: "closed in the head",
            play: .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Tr"), status: nil),
        Fault(
            testDescription: "closed after the head",
            play: .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), status: 200),
        Fault(
            testDescription: "closed before the last byte", play: .answerAndClose(String(whole.dropLast())),
            status: 200),
        Fault(
            testDescription: "a refusal cut before its last byte",
            play: .answerAndClose(String(http(400, envelope("invalid_argument")).dropLast())), status: 400),
        Fault(
            testDescription: "chunks without an end",
            play: .answerAndClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
            status: 200),
        Fault(
            testDescription: "no HTTP at all", play: .answerAndClose("SSH-2.0-OpenSSH_9.6\r\n"), status: nil),
        Fault(
            testDescription: "two lengths that differ",
            play: .answerAndClose(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), status: nil),
        Fault(
            testDescription: "an endless head",
            play: .answerAndClose(
                "HTTP/1.1 200 OK\r\nX-Long: " + String(repeating: "a", count: 1 << 20) + "\r\n\r\n"),
            status: nil
        ),
        Fault(
            testDescription: "a body said to be too long",
            play: .answer("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n{"), status: 200),
        Fault(
            testDescription: "a body too long, without a length",
            play: .answerAndClose(
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + whole
                    + String(repeating: " ", count: 1 << 20)), status: 200),
        Fault(
            testDescription: "switching protocols",
            play: .answerAndClose("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"), status: 101),
    ]

    @Test("Proves nothing, and the request is not repeated", arguments: faults)
    func faultIsAmbiguous(fault: Fault) async throws {
        for call in [cancelCall(), captureCall(), readCall] {
            // A second attempt would be answered with success, and so be found out.
            try await ScriptedServer.running(fault.play, .answer(Self.whole)) { server in
                try await withClient("http://127.0.0.1:\(server.port)") { client in
                    let answer = await client.send(client.request(for: call), timeout: .seconds(20))
                    #expect(answer.kind == .ambiguous, "\(answer)")
                    #expect(answer.httpStatus == fault.status)
                    #expect(answer.message?.isEmpty == false)
                }
                #expect(server.requests.count == fault.requests)
                #expect(server.connections == 1)
            }
        }
    }

    @Test(
        "A whole answer is taken however it is framed",
        arguments: ["close", "chunked", "100", "padded", "1.0"])
    func framings(framing: String) async throws {
        let body = intentBody()
        let play: Play =
            switch framing {
            case "close": .answerAndClose("HTTP/1.1 200 OK\r\n\r\n\(body)")
            case "chunked":
                .answer(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + body.map { "1\r\n\($0)\r\n" }.joined() + "0\r\n\r\n")
            case "100": .answer("HTTP/1.1 100 Continue\r\n\r\n" + http(200, body))
            case "1.0": .answerAndClose("HTTP/1.0 200 OK\r\n\r\n\(body)")
            default:
                .answer(http(200, body + String(repeating: " ", count: (1 << 20) - body.utf8.count)))
            }
        let (answer, requests) = try await answer(to: cancelCall(), play)
        guard case .intent = answer.kind else {
            Issue.record("\(answer)")
            return
        }
        #expect(requests.count == 1)
    }

    @Test("A redirect is not followed, and its target is never asked", arguments: [301, 302, 303, 307, 308])
    func redirects(status: Int) async throws {
        try await ScriptedServer.running(.answer(Self.whole)) { target in
            let location = "Location: http://127.0.0.1:\(target.port)/api/v1/payment_intents/\(intentID)"
            for call in [cancelCall(), readCall] {
                let (answer, requests) = try await answer(
                    to: call, .answer(http(status, "", headers: [location])))
                #expect(answer.kind == .ambiguous)
                #expect(answer.httpStatus == status)
                #expect(requests.count == 1)
            }
            #expect(target.connections == 0)
        }
    }

    private static let endlessHead = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{"
    static let endless = [
        Fault(testDescription: "silence", play: .hang, status: nil),
        Fault(
            testDescription: "half a head", play: .answer("HTTP/1.1 200 OK\r\nContent-"), status: nil),
        Fault(testDescription: "half a body", play: .answer(endlessHead), status: 200),
        Fault(testDescription: "a dripping head", play: .drip("HTTP/1.1 200 OK\r\nX-Slow: "), status: nil),
        Fault(testDescription: "a dripping body", play: .drip(endlessHead), status: 200),
        Fault(
            testDescription: "a dripping head after 100",
            play: .drip("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Slow: "), status: nil),
    ]

    @Test("A gateway that never ends its answer is given up at the deadline", arguments: endless)
    func deadline(fault: Fault) async throws {
        let started = ContinuousClock.now
        let (answer, requests) = try await answer(to: cancelCall(), fault.play, timeout: .seconds(2))
        let elapsed = ContinuousClock.now - started
        #expect(answer.kind == .ambiguous)
        #expect(answer.httpStatus == fault.status)
        #expect(answer.message == "no whole answer came in time")
        #expect(elapsed >= .seconds(2) && elapsed < .seconds(15), "\(elapsed)")
        #expect(requests.count == 1)
    }

    @Test("A cancelled task gives up its call and does not know what became of it")
    func cancellation() async throws {
        try await ScriptedServer.running(.hang, .answer(Self.whole)) { server in
            try await withClient("http://127.0.0.1:\(server.port)") { client in
                let sending = Task {
                    await client.send(client.request(for: cancelCall()), timeout: .seconds(600))
                }
                await server.received(count: 1)
                sending.cancel()
                let answer = await sending.value
                #expect(answer.kind == .ambiguous)
                #expect(answer.message == "the call was given up before its answer came")
            }
            #expect(server.requests.count == 1)
        }
    }

    /// A port that is bound, so that no other test gets it, and not listened on; and the socket that holds it.
    private static func refusingPort() throws -> (socket: Int32, port: UInt16) {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try #require(bind(socket, address, length) == 0)
                try #require(getsockname(socket, address, &length) == 0)
            }
        }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    @Test("A refused connection: nothing was sent, for an address and for a name")
    func refusedConnection() async throws {
        let (socket, port) = try Self.refusingPort()
        defer { close(socket) }
        for host in ["127.0.0.1", "localhost"] {
            try await withClient("http://\(host):\(port)") { client in
                for call in [cancelCall(), readCall] {
                    let answer = await client.send(client.request(for: call), timeout: .seconds(20))
                    #expect(answer.kind == .notSent, "\(answer)")
                    #expect(answer.httpStatus == nil)
                    #expect(answer.message?.contains("nothing was sent") == true)
                }
            }
        }
    }

    @Test("A host that does not exist: nothing was sent")
    func unknownHost() async throws {
        try await withClient("https://no-such-host.invalid") { client in
            let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
            #expect(answer.kind == .notSent, "\(answer)")
        }
    }

    @Test("A server that speaks no TLS: nothing was sent, for an address and for a name")
    func noTLS() async throws {
        for host in ["127.0.0.1", "localhost"] {
            try await ScriptedServer.running(.hang) { server in
                try await withClient("https://\(host):\(server.port)", timeout: .milliseconds(600)) {
                    client in
                    // The server waits for a request and so never answers the handshake.
                    let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                    #expect(answer.kind == .notSent, "\(answer)")
                }
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test("A server that greets a TLS client with something else: nothing was sent")
    func failedHandshake() async throws {
        for host in ["127.0.0.1", "localhost"] {
            try await ScriptedServer.running(.speakFirst("SSH-2.0-OpenSSH_9.6\r\n"), .hang) { server in
                try await withClient("https://\(host):\(server.port)") { client in
                    let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                    #expect(answer.kind == .notSent, "\(answer)")
                }
                #expect(server.connections == 1)
            }
        }
    }

    @Test("A server that closes during the TLS handshake: nothing was sent, or it is not known")
    func closedHandshake() async throws {
        for host in ["127.0.0.1", "localhost"] {
            try await ScriptedServer.running(.closeOnConnect, .hang) { server in
                try await withClient("https://\(host):\(server.port)") { client in
                    let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                    // A reset then looks like one of a connection that stood.
                    #expect(answer.kind == .notSent || answer.kind == .ambiguous, "\(answer)")
                }
                #expect(server.connections == 1 && server.requests.isEmpty)
            }
        }
    }

    @Test("A server that speaks before it is asked proves nothing")
    func speaksFirst() async throws {
        try await ScriptedServer.running(.speakFirst(Self.whole), .hang) { server in
            try await withClient("http://127.0.0.1:\(server.port)", concurrency: 1) { client in
                let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(1))
                #expect(answer.kind != .notSent || server.requests.isEmpty, "\(answer)")
            }
            #expect(server.requests.count <= 1)
        }
    }

    @Test("When all connections stay busy, a waiting call ends as not sent before its deadline")
    func busyPool() async throws {
        try await ScriptedServer.running(.hang, .answer(Self.whole)) { server in
            try await withClient(
                "http://127.0.0.1:\(server.port)", concurrency: 1, timeout: .seconds(2)
            ) { client in
                async let first = client.send(client.request(for: cancelCall()), timeout: .seconds(4))
                await server.received(count: 1)
                let second = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                #expect(second.kind == .notSent, "\(second)")
                #expect(await first.kind == .ambiguous)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("A connection is used again, and as many calls run at once as the account allows")
    func pool() async throws {
        try await ScriptedServer.running(.answer(Self.whole)) { server in
            try await withClient("http://127.0.0.1:\(server.port)", concurrency: 3) { client in
                for _ in 0..<20 {
                    let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                    #expect(answer.httpStatus == 200)
                }
                #expect(server.connections == 1)
                let answers = await withTaskGroup(of: Answer.self) { group in
                    for _ in 0..<60 {
                        group.addTask {
                            await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.allSatisfy { $0.httpStatus == 200 })
            }
            #expect(server.connections <= 3)
            #expect(server.requests.count == 80)
        }
    }

    @Test(
        "A pooled connection that the server closes is never taken for unsent, nor the call repeated"
    )
    func closedWhileIdle() async throws {
        try await ScriptedServer.running(.answerAndClose(Self.whole)) { server in
            try await withClient("http://127.0.0.1:\(server.port)", concurrency: 1) { client in
                var successes = 0
                for sent in 1...200 {
                    let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                    if case .intent = answer.kind {
                        successes += 1
                    } else {
                        #expect(answer.kind == .ambiguous, "\(answer)")
                    }
                    #expect(server.requests.count <= sent)
                }
                #expect(successes > 0 && successes <= server.requests.count)
            }
        }
    }

    @Test("A second answer to one request is not taken for the answer to the next")
    func unsolicitedAnswer() async throws {
        let other = http(200, intentBody(status: "\"succeeded\""))
        try await ScriptedServer.running(.answer(Self.whole + other), .answer(Self.whole)) { server in
            try await withClient("http://127.0.0.1:\(server.port)", concurrency: 1) { client in
                for _ in 0..<2 {
                    let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                    switch answer.kind {
                    case .intent(let intent): #expect(intent.status == "canceled")
                    default: #expect(answer.kind == .ambiguous)
                    }
                }
            }
            #expect(server.requests.count <= 2)
        }
    }
}

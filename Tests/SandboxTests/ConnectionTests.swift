import Foundation
import JSON
import Testing

@testable import Sandbox

@Suite("Connections that come to nothing")
struct ConnectionTests {
    private static let head =
        "GET /api/v1/payment_intents/a HTTP/1.1\r\nHost: localhost\r\nx-merchant-no: 1\r\nx-api-key: k\r\n"
        + "x-app-id: a\r\n"

    private static func fixture(
        idle: Duration = .seconds(60), request: Duration = .seconds(60), faults: String? = nil
    ) throws -> SandboxFixture {
        var fixture = try SandboxFixture([#"{"id":"a"}"#], faults: faults)
        fixture.options.idleLimit = idle
        fixture.options.requestLimit = request
        return fixture
    }

    @Test("A connection without a request is closed, before the first and after an answer")
    func idle() async throws {
        let fixture = try Self.fixture(idle: .seconds(1))
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let port = try SandboxFixture.port(base)
            #expect(try await RawSocket.exchange(port: port, "", closesSending: false) == [])
            let bytes = try await RawSocket.exchange(port: port, Self.head + "\r\n", closesSending: false)
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("Requests that come at once on one connection are all answered")
    func pipelined() async throws {
        let fixture = try Self.fixture()
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let requests = String(repeating: Self.head + "\r\n", count: 3)
            let bytes = try await RawSocket.exchange(
                port: try SandboxFixture.port(base), requests + Self.head + "Connection: close\r\n\r\n")
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.components(separatedBy: "HTTP/1.1 200 OK\r\n").count == 5)
        }
    }

    @Test("A request that does not come to its end is closed, in its head and in its body, with no effect")
    func drip() async throws {
        let fixture = try Self.fixture(request: .seconds(2))
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let port = try SandboxFixture.port(base)
            let filler = "x-filler: " + String(repeating: "x", count: 10_000)
            let bytes = try await RawSocket.exchange(
                port: port, Self.head + filler, closesSending: false, dripMicroseconds: 5000)
            #expect(bytes == [])
            let cancel = Self.head.split(separator: "\r\n").dropFirst().joined(separator: "\r\n")
            let body =
                "POST /api/v1/payment_intents/a/cancel HTTP/1.1\r\n\(cancel)\r\nContent-Length: 100\r\n\r\n{}"
            #expect(try await RawSocket.exchange(port: port, body, closesSending: false) == [])
            #expect(try await Client.retrieve(base, "a").json["status"] == "requires_capture")
        }
        #expect(try fixture.effects().isEmpty)
    }

    @Test("An answer that takes longer than the limits is waited for")
    func slowAnswer() async throws {
        let fixture = try Self.fixture(
            idle: .seconds(1), request: .seconds(2),
            faults: #"{"faults":[{"operation":"retrieve","every":1,"do":"delay","milliseconds":4000}]}"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            #expect(try await Client.retrieve(base, "a").status == 200)
        }
    }

    @Test("What is not HTTP is answered 400 and closed")
    func notHTTP() async throws {
        let fixture = try Self.fixture()
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let port = try SandboxFixture.port(base)
            for text in ["\u{16}\u{3}\u{1}\u{2}\u{0}", "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
                let bytes = try await RawSocket.exchange(port: port, text, closesSending: false)
                #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
            }
            #expect(try await Client.retrieve(base, "a").status == 200)
        }
    }

    @Test("A body without a declared length is refused when it has grown too large")
    func chunked() async throws {
        let fixture = try Self.fixture(request: .seconds(4))
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let port = try SandboxFixture.port(base)
            let chunk = "80000\r\n" + String(repeating: "x", count: 0x80000) + "\r\n"
            let lines = Self.head.split(separator: "\r\n").dropFirst().joined(separator: "\r\n")
            let bytes = try await RawSocket.exchange(
                port: port,
                "POST /api/v1/payment_intents/a/cancel HTTP/1.1\r\n\(lines)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk + "0\r\n\r\n",
                closesSending: false)
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
        }
        #expect(try fixture.effects().isEmpty)
    }
}

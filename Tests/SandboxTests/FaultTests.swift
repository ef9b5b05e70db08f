import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("Faults over real sockets")
struct FaultTests {
    private static func script(_ rules: String) -> String { #"{"seed":7,"faults":["# + rules + "]}" }

    private static func intents(_ count: Int) -> [String] {
        (0..<count).map { #"{"id":"i\#($0)","amount":100.23}"# }
    }

    /// What a bare socket sees: every byte until the other side closes.
    private static func rawCancel(_ base: String, _ id: String) async throws -> [UInt8] {
        let port = try #require(UInt16(base.split(separator: ":").last ?? ""))
        let body = #"{"cancellation_reason":"raw"}"#
        return try await RawSocket.exchange(
            port: port,
            "POST /api/v1/payment_intents/\(id)/cancel HTTP/1.1\r\nHost: localhost\r\nx-merchant-no: 1\r\n"
                + "x-api-key: k\r\nx-app-id: a\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
    }

    @Test(
        "A dropped connection carries no byte; before applying there is no effect, after it exactly one",
        arguments: [("drop_before", 0), ("drop_after", 1)])
    func drops(doing: String, effects: Int) async throws {
        let rule = #"{"operation":"cancel","nth":1,"do":"\#(doing)"}"#
        let second = #"{"operation":"cancel","nth":2,"do":"\#(doing)"}"#
        let fixture = try SandboxFixture(Self.intents(2), faults: Self.script(rule + "," + second))
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            #expect(try await Self.rawCancel(base, "i0") == [])
            await #expect(throws: HTTPClientError.remoteConnectionClosed) {
                try await Client.cancel(base, "i1")
            }
            let status: JSONValue = effects == 0 ? "requires_capture" : "canceled"
            for id in ["i0", "i1"] {
                #expect(try await Client.retrieve(base, id).json["status"] == status)
                #expect(try await Client.cancel(base, id).status == (effects == 0 ? 200 : 400))
            }
        }
        let ledger = try fixture.ledger()
        // Both the dropped and the later cancels leave one effect in all.
        #expect(try fixture.effects() == ["cancel i0 100.23", "cancel i1 100.23"])
        let dropped = ledger.filter { $0["fault"]?.string == doing }
        #expect(dropped.count == 2)
        for request in dropped {
            let same = ledger.filter { $0["call"] == request["call"] }.map { $0["kind"]?.string }
            #expect(same == (effects == 0 ? ["request"] : ["request", "effect"]))
        }
    }

    @Test("A scripted answer is given as it stands, without an effect")
    func answers() async throws {
        let rules = #"""
            {"operation":"cancel","nth":1,"do":"answer","status":503,"headers":{"Retry-After":"2","X-Y":"z"}},
            {"operation":"cancel","nth":2,"do":"answer","status":500,"body":"<html>down</html>",
             "headers":{"content-type":"text/html"}},
            {"operation":"cancel","nth":3,"do":"answer","status":429,"body":{"code":"x","message":null}},
            {"operation":"cancel","nth":4,"do":"answer","status":200,"body":"{}"},
            {"operation":"cancel","nth":5,"do":"answer","status":204}
            """#
        let fixture = try SandboxFixture(Self.intents(1), faults: Self.script(rules))
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let unavailable = try await Client.cancel(base, "i0")
            #expect(unavailable.status == 503)
            #expect(unavailable.body.isEmpty)
            #expect(unavailable.headers["Retry-After"] == ["2"])
            #expect(unavailable.headers["x-y"] == ["z"])
            let html = try await Client.cancel(base, "i0")
            #expect(html.status == 500)
            #expect(html.contentType == "text/html")
            #expect(html.body == Array("<html>down</html>".utf8))
            let throttled = try await Client.cancel(base, "i0")
            #expect(throttled.status == 429)
            #expect(throttled.contentType == "application/json")
            #expect(throttled.json == ["code": "x", "message": nil])
            #expect(try await Client.cancel(base, "i0").body == Array("{}".utf8))
            #expect(try await Client.cancel(base, "i0").status == 204)
            #expect(try fixture.effects().isEmpty)
            #expect(try await Client.cancel(base, "i0").status == 200)
        }
        let statuses = try fixture.ledger().filter { $0["kind"]?.string == "answer" }.map {
            $0["status"]?.int64
        }
        #expect(statuses == [503, 500, 429, 200, 204, 200])
    }

    @Test("A delayed request takes effect after its client has gone")
    func delay() async throws {
        let rules = #"{"operation":"cancel","intent_id":"i0","every":1,"do":"delay","milliseconds":5000}"#
        let fixture = try SandboxFixture(Self.intents(2), faults: Self.script(rules))
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            var request = HTTPClientRequest(url: "\(base)/api/v1/payment_intents/i0/cancel")
            request.method = .POST
            request.headers = .init(Client.credentials)
            let impatient = request
            await #expect(throws: HTTPClientError.deadlineExceeded) {
                try await HTTPClient.shared.execute(impatient, timeout: .seconds(3))
            }
            // Others are served meanwhile: a delay does not hold the desk.
            #expect(try await Client.cancel(base, "i1").status == 200)
            var status: JSONValue?
            let deadline = ContinuousClock.now + .seconds(60)
            repeat {
                status = try await Client.retrieve(base, "i0").json["status"]
            } while status == "requires_capture" && ContinuousClock.now < deadline
            #expect(status == "canceled")
        }
        #expect(try fixture.effects().sorted() == ["cancel i0 100.23", "cancel i1 100.23"])
    }

    @Test("A sandbox that is stopped in the middle of a delay stops at once, and nothing is applied later")
    func stopped() async throws {
        let rules = #"{"operation":"cancel","every":1,"do":"delay","milliseconds":600000}"#
        let fixture = try SandboxFixture(Self.intents(1), faults: Self.script(rules))
        defer { fixture.remove() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await withSandbox(fixture.options) { base async throws in
                group.addTask { _ = try? await Client.cancel(base, "i0") }
                while try fixture.ledger().isEmpty { await Task.yield() }
            }
            try await group.waitForAll()
        }
        #expect(try fixture.effects().isEmpty)
    }

    @Test("The counters go on after a restart: the seventh call is the seventh of the ledger")
    func restart() async throws {
        let fixture = try SandboxFixture(
            Self.intents(9),
            faults: Self.script(#"{"operation":"capture","nth":7,"do":"answer","status":503}"#))
        defer { fixture.remove() }
        var statuses: [Int] = []
        for ids in [0..<5, 5..<9] {
            statuses += try await withSandbox(fixture.options) { base async throws in
                var seen: [Int] = []
                for id in ids { seen.append(try await Client.capture(base, "i\(id)").status) }
                return seen
            }
        }
        #expect(statuses == [200, 200, 200, 200, 200, 200, 503, 200, 200])
    }

    @Test("A request whose body is cut short has no effect")
    func cutBody() async throws {
        let fixture = try SandboxFixture(Self.intents(1))
        defer { fixture.remove() }
        let head =
            "POST /api/v1/payment_intents/i0/cancel HTTP/1.1\r\nHost: localhost\r\nx-merchant-no: 1\r\n"
            + "x-api-key: k\r\nx-app-id: a\r\n"
        try await withSandbox(fixture.options) { base async throws in
            let port = try #require(UInt16(base.split(separator: ":").last ?? ""))
            for cut in [
                "Content-Length: 20\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
                "Transfer-Encoding: chunked\r\n\r\n8\r\n{}",
            ] {
                let answer = try await RawSocket.exchange(port: port, head + cut)
                #expect(!String(decoding: answer, as: UTF8.self).contains(" 200 "), "\(cut)")
            }
            #expect(try await Client.retrieve(base, "i0").json["status"] == "requires_capture")
        }
        #expect(try fixture.effects().isEmpty)
    }
}

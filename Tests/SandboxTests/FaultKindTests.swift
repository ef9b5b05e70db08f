import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Sandbox

/// The faults that FaultTests does not have.
@Suite("Further faults over real sockets")
struct FaultKindTests {
    private static func fixture(_ rule: String, intents: Int = 2) throws -> SandboxFixture {
        try SandboxFixture(
            (0..<intents).map { #"{"id":"i\#($0)","amount":100.23}"# },
            faults: #"{"faults":[{"operation":"cancel","intent_id":"i0",\#(rule)}]}"#)
    }

    private static func request(_ id: String) -> String {
        "POST /api/v1/payment_intents/\(id)/cancel HTTP/1.1\r\nHost: localhost\r\nx-merchant-no: 1\r\n"
            + "x-api-key: k\r\nx-app-id: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    }

    private static func status(_ base: String, _ id: String) async throws -> String? {
        try await Client.retrieve(base, id).json["status"]?.string
    }

    @Test(
        "A hanging request gets no byte, applied or not, while others are served", arguments: [false, true])
    func hang(apply: Bool) async throws {
        let fixture = try Self.fixture(#""nth":1,"do":"hang","apply":\#(apply)"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            var request = HTTPClientRequest(url: "\(base)/api/v1/payment_intents/i0/cancel")
            request.method = .POST
            request.headers = .init(Client.credentials)
            let impatient = request
            await #expect(throws: HTTPClientError.deadlineExceeded) {
                try await HTTPClient.shared.execute(impatient, timeout: .seconds(5))
            }
            #expect(try await Client.cancel(base, "i1").status == 200)
            #expect(try await Self.status(base, "i0") == (apply ? "canceled" : "requires_capture"))
        }
        #expect(try fixture.effects() == (apply ? ["cancel i0 100.23"] : []) + ["cancel i1 100.23"])
        #expect(try fixture.ledger().first?["fault"] == "hang")
    }

    @Test("A hanging connection ends with its client, and with the sandbox")
    func hangEnds() async throws {
        let fixture = try Self.fixture(#""every":1,"do":"hang""#)
        defer { fixture.remove() }
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            try await withSandbox(fixture.options) { base async throws in
                let port = try SandboxFixture.port(base)
                #expect(try await RawSocket.exchange(port: port, Self.request("i0")) == [])
                group.addTask {
                    try await RawSocket.exchange(port: port, Self.request("i0"), closesSending: false)
                }
                while try fixture.ledger().count < 2 { await Task.yield() }
            }
            // The sandbox has ended, and so has the second connection.
            #expect(try await group.next() == [])
        }
    }

    @Test("A late request is dropped now and applied later, unless the sandbox ends before")
    func late() async throws {
        let fixture = try Self.fixture(#""nth":1,"do":"late","milliseconds":1000"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let port = try SandboxFixture.port(base)
            #expect(try await RawSocket.exchange(port: port, Self.request("i0")) == [])
            #expect(try await Self.status(base, "i0") == "requires_capture")
            var status: String?
            repeat { status = try await Self.status(base, "i0") } while status == "requires_capture"
            #expect(status == "canceled")
        }
        #expect(try fixture.effects() == ["cancel i0 100.23"])

        let stopped = try Self.fixture(#""nth":1,"do":"late","milliseconds":3600000"#)
        defer { stopped.remove() }
        try await withSandbox(stopped.options) { base async throws in
            let port = try SandboxFixture.port(base)
            #expect(try await RawSocket.exchange(port: port, Self.request("i0")) == [])
        }
        #expect(try stopped.effects().isEmpty)
    }

    @Test("A dripping body comes whole in the end, byte by byte")
    func drip() async throws {
        let fixture = try Self.fixture(#""nth":1,"do":"drip","milliseconds":1"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let start = ContinuousClock.now
            let reply = try await Client.cancel(base, "i0")
            #expect(ContinuousClock.now - start > .milliseconds(reply.body.count - 1))
            #expect(reply.headers["Content-Length"] == ["\(reply.body.count)"])
            #expect(try await Client.retrieve(base, "i0").body == reply.body)
        }
    }

    @Test("Half a status line, then the end, applied or not", arguments: [false, true])
    func halfStatus(apply: Bool) async throws {
        let fixture = try Self.fixture(#""every":1,"do":"half_status","apply":\#(apply)"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let port = try SandboxFixture.port(base)
            let bytes = try await RawSocket.exchange(port: port, Self.request("i0"), closesSending: false)
            #expect(String(decoding: bytes, as: UTF8.self) == "HTTP/1.1 20")
            await #expect(throws: (any Error).self) { try await Client.cancel(base, "i0") }
        }
        #expect(try fixture.effects().count == (apply ? 1 : 0))
        #expect(try fixture.ledger().allSatisfy { $0["kind"]?.string != "answer" })
    }

    @Test("An HTML page with any status, applied or not", arguments: [(200, true), (502, false)])
    func html(status: Int, apply: Bool) async throws {
        let fixture = try Self.fixture(#""nth":1,"do":"html","status":\#(status),"apply":\#(apply)"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let reply = try await Client.cancel(base, "i0")
            #expect(reply.status == status)
            #expect(reply.contentType == "text/html; charset=utf-8")
            #expect(String(decoding: reply.body, as: UTF8.self).hasPrefix("<!DOCTYPE html>"))
        }
        #expect(try fixture.effects().count == (apply ? 1 : 0))
        let answers = try fixture.ledger().filter { $0["kind"]?.string == "answer" }
        #expect(answers.map { $0["status"]?.int64 } == [Int64(status)])
    }

    @Test("Applied, then answered with an error")
    func applyThenStatus() async throws {
        let fixture = try Self.fixture(
            #""nth":1,"do":"apply_then_status","status":500,"body":{"code":"system_error"}"#)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let reply = try await Client.cancel(base, "i0")
            #expect(reply.status == 500)
            #expect(reply.code == "system_error")
            #expect(try await Client.cancel(base, "i0").json["source"] == "status")
        }
        #expect(try fixture.effects() == ["cancel i0 100.23"])
        let statuses = try fixture.ledger().compactMap { $0["status"]?.int64 }
        #expect(statuses == [500, 400])
    }

    @Test("A damaged answer is applied, framed well, and wrong in the one way that is asked for")
    func damage() async throws {
        for damage in AnswerDamage.allCases {
            let fixture = try Self.fixture(#""every":1,"do":"\#(damage.rawValue)""#)
            defer { fixture.remove() }
            try await withSandbox(fixture.options) { base async throws in
                let reply = try await Client.cancel(base, "i0")
                #expect(reply.status == 200)
                #expect(reply.headers["Content-Length"] == ["\(reply.body.count)"])
                let right = try await Client.retrieve(base, "i0")
                #expect(right.json["status"] == "canceled")
                var wanted = try #require(right.json.object)
                switch damage {
                case .wrongID:
                    wanted["id"] = "i1"
                    #expect(reply.json.object == wanted)
                case .wrongAmount:
                    wanted["amount"] = .number("100.24")
                    #expect(reply.json.object == wanted)
                case .truncated:
                    #expect(reply.body == Array(right.body.prefix(right.body.count / 2)))
                    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: reply.body) }
                case .duplicateKeys:
                    #expect(reply.json.object?.duplicateKeys == ["id", "amount", "status"])
                    #expect(Array(try #require(reply.json.object).members.prefix(31)) == wanted.members)
                    #expect(reply.json["id"] == "i1")
                    #expect(reply.json["status"] == "unknown")
                }
                // A refusal has none of these members.
                let refusal = try await Client.cancel(base, "i0")
                #expect(refusal.status == 400)
                #expect(damage == .truncated || refusal.code == "invalid_argument")
            }
            #expect(try fixture.effects() == ["cancel i0 100.23"])
        }
    }

    @Test(
        "Wrong values look like right ones",
        arguments: [
            (AnswerDamage.wrongID, #"{"Id":"int_9"}"#, #"{"Id":"int_8"}"#),
            (.wrongID, #"{"id":"ab-a"}"#, #"{"id":"ab-b"}"#), (.wrongID, #"{"id":"Z"}"#, #"{"id":"a"}"#),
            (.wrongID, #"{"id":7}"#, #"{"id":7}"#), (.wrongID, "[1]", "[1]"),
            (.wrongAmount, #"{"Amount":20000}"#, #"{"Amount":20001}"#),
            (.wrongAmount, #"{"amount":1.59e2}"#, #"{"amount":1.58e2}"#),
            (.wrongAmount, #"{"amount":null}"#, #"{"amount":null}"#),
            (
                .duplicateKeys, #"{"Status":"CAPTURED","x":1}"#,
                #"{"Status":"CAPTURED","x":1,"Status":"unknown"}"#
            ),
            (.truncated, "", ""),
        ])
    func values(damage: AnswerDamage, body: String, wanted: String) {
        let answer = SandboxAnswer(status: 200, body: Array(body.utf8))
        #expect(String(decoding: damage.applied(to: answer).body, as: UTF8.self) == wanted)
    }

    @Test(
        "Retry-After leaves as seconds, as a date from now, as nonsense, or not at all",
        arguments: [
            (#"{"Retry-After":"2"}"#, ["2"]),
            (#"{"Retry-After":"date+5s"}"#, ["Mon, 26 Oct 2026 07:33:25 GMT"]),
            (#"{"retry-after":"date-3600s"}"#, ["Mon, 26 Oct 2026 06:33:20 GMT"]),
            (#"{"Retry-After":"99999999999"}"#, ["99999999999"]), (#"{"Retry-After":"-1"}"#, ["-1"]),
            (#"{"Retry-After":"soon"}"#, ["soon"]), ("{}", []),
        ])
    func retryAfter(headers: String, wanted: [String]) async throws {
        let fixture = try Self.fixture(#""nth":1,"do":"answer","status":503,"headers":\#(headers)"#)
        defer { fixture.remove() }
        let reply = try await withSandbox(fixture.options) { try await Client.cancel($0, "i0") }
        #expect(reply.status == 503)
        #expect(reply.headers["Retry-After"] == wanted)
    }

    @Test("A special fault that no gateway rule knows is an error, not a fault that never strikes")
    func special() {
        var rules = UseePayRules(intents: UseePayIntents(), credentials: nil)
        for special in SpecialFault.allCases {
            let error = #expect(throws: SandboxError.self) { try rules.perform(special) }
            #expect(error?.message.contains("\(special.rawValue) is not known at useepay") == true)
        }
    }

    @Test(
        "Dates of HTTP",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
        ] as [(Int64, String)])
    func httpDates(milliseconds: Int64, text: String) {
        #expect(Timestamp.httpDate(milliseconds) == text)
    }
}

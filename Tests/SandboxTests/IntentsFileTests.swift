import Foundation
import JSON
import Testing

@testable import Sandbox

@Suite("Intents files")
struct IntentsFileTests {
    @Test(
        "A bad line is named with its number and what is wrong",
        arguments: [
            ("{", "not JSON at byte"), ("[]", "not a JSON object"), ("{}", "id must be a string"),
            (#"{"id":7}"#, "id must be a string"), (#"{"id":""}"#, "id must be a string"),
            (#"{"id":"first"}"#, "the id first has been given on an earlier line"),
            (#"{"id":"x","id":"y"}"#, "the key id is given twice"),
            (#"{"id":"x","amount":"1.00"}"#, "amount must be a number"),
            (#"{"id":"x","amount":0}"#, "amount must be greater than 0"),
            (#"{"id":"x","amount":1.001}"#, "amount must have at most 2 decimals in USD"),
            (#"{"id":"x","amount":1.5,"currency":"JPY"}"#, "amount must have at most 0 decimals in JPY"),
            (#"{"id":"x","amount":92233720368547758.08}"#, "amount is too large"),
            (#"{"id":"x","captured_amount":-1}"#, "captured_amount must be greater than 0"),
            (#"{"id":"x","currency":"usd"}"#, "currency must be three capital letters"),
            (#"{"id":"x","status":"paid"}"#, "the status paid is unknown"),
            (#"{"id":"x","status":1}"#, "status must be a string"),
            (#"{"id":"x","cancellation_reason":{}}"#, "cancellation_reason must be a string"),
        ])
    func badLines(line: String, words: String) throws {
        let fixture = try SandboxFixture([#"{"id":"first"}"#, "", line])
        defer { fixture.remove() }
        let error = #expect(throws: SandboxError.self) { try Sandbox(options: fixture.options) }
        #expect(error?.code == .intents)
        #expect(error?.message.contains("intents.ndjson, line 3: ") == true)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("A missing file is a clear error, and so is a folder")
    func missing() throws {
        var fixture = try SandboxFixture([])
        defer { fixture.remove() }
        for path in ["/nowhere/intents.ndjson", fixture.folder.path] {
            fixture.options.intentsPath = path
            let error = #expect(throws: SandboxError.self) { try Sandbox(options: fixture.options) }
            #expect(error?.code == .intents)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test("Digits, both spellings, CRLF ends, a last line without an end and further fields survive")
    func kept() async throws {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        let text =
            "{\"id\":\"a\",\"amount\":100.0,\"x\":{\"y\":1.10},\"customer\":{\"id\":\"cus_1\"}}\r\n\r\n"
            + "{\"id\":\"b\",\"status\":\"cancelled\",\"modify_at\":\"2026-02-03T04:05:06Z\"}\n"
            + "{\"id\":\"c\",\"status\":\"succeeded\",\"captured_amount\":null}\n"
            + "{\"id\":\"d\",\"status\":\"requires_customer_action\",\"currency\":\"JPY\","
            + "\"next_action\":{\"redirect\":{}}}"
        let path = try #require(fixture.options.intentsPath)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try await withSandbox(fixture.options) { base async throws in
            let a = try await Client.retrieve(base, "a").json
            #expect(a["amount"] == .number("100.0"))
            #expect(a["x"]?["y"] == .number("1.10"))
            #expect(a["customer"]?["id"] == "cus_1")
            #expect(a["customer"]?["address"] == .null)
            #expect(a["customer"]?.object?.members.count == 15)
            let b = try await Client.retrieve(base, "b").json
            #expect(b["status"] == "canceled")
            #expect(b["cancelled_at"] == "2026-02-03T04:05:06Z")
            #expect(try await Client.retrieve(base, "c").json["captured_amount"] == .null)
            let d = try await Client.retrieve(base, "d").json
            #expect(d["amount"] == .number("100"))
            #expect(d["next_action"] == ["redirect": [:]])
            #expect(try await Client.cancel(base, "d").json["next_action"] == .null)
        }
    }
}

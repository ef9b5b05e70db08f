import AsyncHTTPClient
import JSON
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("UseePay's operations over real HTTP")
struct UseePayActionTests {
    private static func intent(
        _ id: String, _ status: String, _ amount: String = "100.23", _ currency: String = "USD"
    )
        -> String
    {
        #"{"id":"\#(id)","amount":\#(amount),"currency":"\#(currency)","status":"\#(status)"}"#
    }

    @Test("Each status allows what the fact file says, and refuses the rest without an effect")
    func states() async throws {
        let statuses = UseePayStatus.allCases.map(\.rawValue) + ["cancelled"]
        let fixture = try SandboxFixture(
            statuses.flatMap { [Self.intent("cancel-\($0)", $0), Self.intent("capture-\($0)", $0)] })
        defer { fixture.remove() }
        let cancellable: Set = ["requires_payment_method", "requires_customer_action", "requires_capture"]
        try await withSandbox(fixture.options) { base async throws in
            for status in statuses {
                let shown = status == "cancelled" ? "canceled" : status
                let cancel = try await Client.cancel(base, "cancel-\(status)")
                let capture = try await Client.capture(base, "capture-\(status)")
                for (reply, isAllowed) in [
                    (cancel, cancellable.contains(status)), (capture, status == "requires_capture"),
                ] {
                    #expect(reply.status == (isAllowed ? 200 : 400), "\(status)")
                    guard !isAllowed else { continue }
                    #expect(reply.code == "invalid_argument")
                    #expect(reply.json["source"] == "status")
                    #expect(reply.json["message"]?.string?.contains(shown) == true)
                    #expect(reply.json.object?.members.map(\.key) == ["code", "message", "source"])
                }
                let after = try await Client.retrieve(base, "cancel-\(status)")
                #expect(after.json["status"]?.string == (cancellable.contains(status) ? "canceled" : shown))
                #expect(after.json["captured_amount"] == (status == "succeeded" ? .number("100.23") : .null))
            }
        }
        #expect(
            try fixture.effects().sorted()
                == (cancellable.map { "cancel cancel-\($0) 100.23" }
                + ["capture capture-requires_capture 100.23"]).sorted())
    }

    @Test("A second action on an intent is refused and leaves one effect")
    func repeated() async throws {
        let fixture = try SandboxFixture([
            Self.intent("a", "requires_capture"), Self.intent("b", "requires_capture"),
        ])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            #expect(try await Client.cancel(base, "a").status == 200)
            #expect(try await Client.cancel(base, "a").status == 400)
            #expect(try await Client.capture(base, "a").status == 400)
            #expect(try await Client.capture(base, "b").status == 200)
            #expect(try await Client.capture(base, "b").status == 400)
            #expect(try await Client.cancel(base, "b").status == 400)
        }
        #expect(try fixture.effects() == ["cancel a 100.23", "capture b 100.23"])
    }

    @Test("Concurrent requests on one intent have one effect")
    func concurrent() async throws {
        let fixture = try SandboxFixture([Self.intent("a", "requires_capture")])
        defer { fixture.remove() }
        let statuses = try await withSandbox(fixture.options) { base async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<64 {
                    group.addTask {
                        number.isMultiple(of: 2)
                            ? try await Client.cancel(base, "a").status
                            : try await Client.capture(base, "a").status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1)
        #expect(statuses.filter { $0 == 400 }.count == 63)
        #expect(try fixture.effects().count == 1)
    }

    @Test(
        "Captured amounts are exact",
        arguments: [
            // currency, the intent's amount, body, captured_amount on the wire, ledger
            ("USD", "100.23", nil, "100.23", "100.23"),
            ("USD", "100", "{}", "100", "100.00"),
            ("USD", "100.23", #"{"amount":null}"#, "100.23", "100.23"),
            ("USD", "100.23", #"{"amount":100.23}"#, "100.23", "100.23"),
            ("USD", "100.23", #"{"amount":0.1}"#, "0.10", "0.10"),
            ("USD", "100.23", #"{"amount":1e2}"#, "100.00", "100.00"),
            ("USD", "100.23", #"{"amount":10022.0E-2}"#, "100.22", "100.22"),
            (
                "EUR", "90071992547409.93", #"{"amount":90071992547409.92}"#, "90071992547409.92",
                "90071992547409.92"
            ),
            ("EUR", "92233720368547758.07", nil, "92233720368547758.07", "92233720368547758.07"),
            ("JPY", "5000", #"{"amount":4999}"#, "4999", "4999"),
            ("JPY", "5000", #"{"amount":5000.0}"#, "5000", "5000"),
            ("KWD", "1.234", #"{"amount":0.001}"#, "0.001", "0.001"),
            ("CLF", "1.2345", nil, "1.2345", "1.2345"),
        ] as [(String, String, String?, String, String)])
    func amounts(currency: String, amount: String, body: String?, wire: String, ledger: String) async throws {
        let fixture = try SandboxFixture([Self.intent("a", "requires_capture", amount, currency)])
        defer { fixture.remove() }
        let reply = try await withSandbox(fixture.options) { try await Client.capture($0, "a", body) }
        #expect(reply.status == 200)
        #expect(reply.json["status"] == "succeeded")
        #expect(reply.json["amount"] == .number(amount))
        #expect(reply.json["captured_amount"] == .number(wire))
        #expect(try fixture.effects() == ["capture a \(ledger)"])
    }

    @Test("Bodies that are not understood are refused without an effect")
    func badBodies() async throws {
        let fixture = try SandboxFixture([
            Self.intent("a", "requires_capture"), Self.intent("yen", "requires_capture", "5000", "JPY"),
        ])
        defer { fixture.remove() }
        let table: [(operation: String, id: String, body: String, source: JSONValue)] = [
            ("capture", "a", #"{"amount":0}"#, "amount"),
            ("capture", "a", #"{"amount":-0.00}"#, "amount"),
            ("capture", "a", #"{"amount":-1}"#, "amount"),
            ("capture", "a", #"{"amount":100.24}"#, "amount"),
            ("capture", "a", #"{"amount":1e400}"#, "amount"),
            ("capture", "a", #"{"amount":1e99999999999999999999}"#, "amount"),
            ("capture", "a", #"{"amount":1e-99999999999999999999}"#, "amount"),
            ("capture", "a", #"{"amount":0.001}"#, "amount"),
            ("capture", "a", #"{"amount":"100.23"}"#, "amount"),
            ("capture", "a", #"{"amount":[1]}"#, "amount"),
            ("capture", "yen", #"{"amount":1.5}"#, "amount"),
            ("cancel", "a", #"{"cancellation_reason":1}"#, "cancellation_reason"),
            ("cancel", "a", #"{"cancellation_reason":"#, .null),
            ("cancel", "a", "[1]", .null),
            ("cancel", "a", "null", .null),
            ("capture", "a", "\u{7f}", .null),
        ]
        try await withSandbox(fixture.options) { base async throws in
            for row in table {
                let url = "\(base)/api/v1/payment_intents/\(row.id)/\(row.operation)"
                let reply = try await Client.send(.POST, url, row.body)
                #expect(reply.status == 400, "\(row.body)")
                #expect(reply.code == "invalid_argument", "\(row.body)")
                #expect(reply.json["source"] == row.source, "\(row.body)")
            }
            #expect(try await Client.retrieve(base, "a").json["status"] == "requires_capture")
        }
        #expect(try fixture.effects().isEmpty)
    }

    @Test("What real clients put on the wire is taken (fact file, section 11)")
    func quirks() async throws {
        let odd: [(headers: [(String, String)], body: String?)] = [
            (Client.credentials, nil), (Client.credentials, ""), (Client.credentials, "[]"),
            (Client.credentials, "{}"), (Client.credentials, " \r\n"),
            (
                Client.credentials + [("x-api-version", ""), ("x-sdk-version", "1"), ("x-timestamp", "1")],
                "[ ]"
            ),
            (Client.credentials.filter { $0.0 != "Content-Type" }, "{}"),
            (Client.credentials.filter { $0.0 != "Content-Type" } + [("Content-Type", "")], "{}"),
            (Client.credentials.map { ($0.0.uppercased(), $0.1) }, #"{"cancellation_reason":null,"x":{}}"#),
        ]
        var intents = odd.indices.map { Self.intent("c\($0)", "requires_capture") }
        intents += [Self.intent("a/b é%", "requires_capture")]
        let fixture = try SandboxFixture(intents)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            for (index, request) in odd.enumerated() {
                let url = "\(base)/api/v1/payment_intents/c\(index)/cancel"
                let reply = try await Client.send(.POST, url, request.body, headers: request.headers)
                #expect(reply.status == 200, "\(index)")
                #expect(reply.json["cancellation_reason"] == .null, "\(index)")
            }
            let encoded = "a%2Fb%20%C3%A9%25"
            #expect(try await Client.retrieve(base, encoded + "?expand=x").json["id"] == "a/b é%")
            #expect(try await Client.retrieve(base, "%63%30").json["status"] == "canceled")
            #expect(try await Client.capture(base, encoded).status == 200)
        }
        #expect(try fixture.effects().count == odd.count + 1)
    }

    @Test("Unknown paths and ids are answered 404 with the envelope, unknown methods 405")
    func notFound() async throws {
        let fixture = try SandboxFixture([Self.intent("a", "requires_capture")])
        defer { fixture.remove() }
        let table: [(HTTPMethod, String)] = [
            (.GET, "/"), (.POST, "/api/v1/payment_intents/"), (.GET, "/api/v1/payment_intents/"),
            (.GET, "/api/v1/payment_intents/b"), (.POST, "/api/v1/payment_intents/b/cancel"),
            (.POST, "/api/v1/payment_intents/b"), (.POST, "/api/v1/payment_intents/b/confirm"),
            (.GET, "/api/v1/payment_intents/create"), (.POST, "/api/v1/payment_intents/a/refund"),
            (.POST, "/api/v1/payment_intents/a/cancel/x"), (.GET, "/api/v1/refunds"),
            (.POST, "/api/v2/payment_intents/a/cancel"), (.GET, "/api/v1/payment_intents/%61%ff"),
            (.GET, "/api/v1/payment_intents/%6"), (.GET, "/sandboxes"),
        ]
        let wrongMethods: [(HTTPMethod, String, String)] = [
            (.GET, "/api/v1/payment_intents/a/cancel", "POST"),
            (.PUT, "/api/v1/payment_intents/a/confirm", "POST"),
            (.DELETE, "/api/v1/payment_intents/a", "GET, POST"),
            (.PATCH, "/api/v1/payment_intents", "GET, POST"),
            (.PUT, "/api/v1/payment_intents/create", "GET, POST"),
        ]
        try await withSandbox(fixture.options) { base async throws in
            for (method, path) in table {
                let reply = try await Client.send(method, base + path)
                #expect(reply.status == 404, "\(method) \(path)")
                #expect(reply.code == "resource_not_found", "\(method) \(path)")
            }
            for (method, path, allowed) in wrongMethods {
                // Without credentials: there is nothing to protect.
                let reply = try await Client.send(method, base + path, headers: [])
                #expect(reply.status == 405, "\(method) \(path)")
                #expect(reply.code == "invalid_request_error", "\(method) \(path)")
                #expect(reply.headers["Allow"] == [allowed], "\(method) \(path)")
            }
            let head = try await Client.send(.HEAD, base + "/api/v1/payment_intents/a")
            #expect(head.status == 405)
            #expect(head.body.isEmpty)
        }
        #expect(try fixture.effects().isEmpty)
        #expect(try fixture.ledger().filter { $0["kind"]?.string == "request" }.count == 21)
    }

    @Test("Credentials are required; when configured they must be the right ones")
    func credentials() async throws {
        let line = Self.intent("a", "requires_capture")
        let any = try SandboxFixture([line])
        defer { any.remove() }
        let exact = try SandboxFixture(
            [line], credentials: .init(merchantNo: "500000000007245", appID: "www.pay.com", apiKey: "right"))
        defer { exact.remove() }
        let names = ["x-merchant-no", "x-api-key", "x-app-id"]
        try await withSandbox(any.options) { base async throws in
            for name in names {
                for headers in [
                    Client.credentials.filter { $0.0 != name },
                    Client.credentials.map { $0.0 == name ? ($0.0, "") : $0 },
                ] {
                    let url = "\(base)/api/v1/payment_intents/a/cancel"
                    let reply = try await Client.send(.POST, url, headers: headers)
                    #expect(reply.status == 401)
                    #expect(reply.code == "unauthorized")
                    #expect(reply.json["source"]?.string == name)
                }
            }
        }
        #expect(try any.effects().isEmpty)
        try await withSandbox(exact.options) { base async throws in
            let url = "\(base)/api/v1/payment_intents/a"
            let right = Client.credentials.map { $0.0 == "x-api-key" ? ($0.0, "right") : $0 }
            #expect(try await Client.send(.GET, url, headers: right).status == 200)
            for name in names {
                let wrong = right.map { $0.0 == name ? ($0.0, "wrong") : $0 }
                let reply = try await Client.send(.GET, url, headers: wrong)
                #expect(reply.status == 401)
                #expect(reply.json["source"]?.string == name)
            }
        }
    }

    @Test("A body over 1 MiB is answered 413 and has no effect; one below it is read")
    func bodyLimit() async throws {
        let fixture = try SandboxFixture([Self.intent("a", "requires_capture")])
        defer { fixture.remove() }
        func body(_ bytes: Int) -> String {
            let frame = #"{"cancellation_reason":""}"#
            return #"{"cancellation_reason":""# + String(repeating: "x", count: bytes - frame.utf8.count)
                + #""}"#
        }
        try await withSandbox(fixture.options) { base async throws in
            let refusal = try await Client.cancel(base, "a", body((1 << 20) + 1))
            #expect(refusal.status == 413)
            #expect(refusal.code == "invalid_request_error")
            #expect(try await Client.retrieve(base, "a").json["status"] == "requires_capture")
            #expect(try await Client.cancel(base, "a", body(1 << 20)).status == 200)
        }
        #expect(try fixture.effects() == ["cancel a 100.23"])
        // The reason fills the ledger line; it must be readable again.
        _ = try Sandbox(options: fixture.options)
    }
}

import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("UseePay's create and update over real HTTP")
struct UseePayWritingTests {
    /// A create with the fields of the fact file's section 4.1.
    static let body = """
        {"amount":100.23,"currency":"USD","merchant_order_id":"order 1","confirm":false,"auto_capture":false,\
        "description":"T-shirt","customer":{"email":"test@useepay.com","first_name":"zhang",\
        "phone_number":"+86 1","address":{"country":"US","city":"New York"}},"metadata":{"id":1},\
        "device_data":{"ip_address":"203.0.113.7"},"payment_method_data":{"type":"card",\
        "card":{"number":"4111111111111111","cvc":"123"}},"order":{"category":"Apparel",\
        "products":[{"name":"IPHONE7","quantity":5,"unit_price":100.010}],\
        "shipping":{"address":{"country_code":"CN"}}},"payment_method_options":{"type":"card",\
        "card":{"authorization_type":"final_auth"}},"return_url":"http://www.example.com"}
        """

    static func body(_ order: String, _ more: String = "") -> String {
        #"{"amount":100.23,"currency":"USD","merchant_order_id":"\#(order)"\#(more)}"#
    }

    @Test("Both paths create the page's object, with every field and the names of answers")
    func create() async throws {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let reply = try await Client.create(base, Self.body)
            #expect(reply.status == 200)
            let object = try #require(reply.json.object)
            #expect(Set(object.members.map(\.key)) == UseePayIntent.pageKeys)
            let id = try #require(object["id"]?.string)
            #expect(id.utf8.count == 19 && id.allSatisfy(\.isNumber))
            #expect(object["amount"] == .number("100.23"))
            #expect(object["status"] == "requires_payment_method")
            #expect(object["captured_amount"] == .null)
            #expect(object["merchant_order_id"] == "order 1")
            #expect(object["create_at"] == "2026-10-26T07:33:20Z")
            #expect(object["modify_at"] == "2026-10-26T07:33:20Z")
            #expect(object["customer"]?["phone"] == "+86 1")
            #expect(object["customer"]?["last_name"] == .null)
            #expect(object["order"]?["products"]?.array?.first?["price"] == .number("100.010"))
            #expect(object["order"]?["shipping"]?["address"]?["country"] == "CN")
            #expect(object["payment_method_options"]?["card"]?["three_ds_action"] == .null)
            #expect(object["metadata"] == ["id": 1])
            #expect(try await Client.retrieve(base, id).body == reply.body)

            let second = try await Client.create(base, Self.body("order 2"), path: "")
            #expect(second.status == 200)
            #expect(second.json["id"] != reply.json["id"])
            #expect(try await Client.cancel(base, id).json["status"] == "canceled")
        }
        let text = try fixture.ledgerText()
        #expect(!text.contains("4111111111111111"))
        let created = try fixture.ledger().filter { $0["kind"]?.string == "created" }
        #expect(created.compactMap { $0["object"]?["merchant_order_id"] } == ["order 1", "order 2"])
        // Only money counts as an effect.
        #expect(try fixture.effects().count == 1)
    }

    @Test("What is missing, of a wrong kind or there already is refused with its field")
    func refused() async throws {
        let fixture = try SandboxFixture([
            #"{"id":"a","merchant_order_id":"taken"}"#, #"{"id":"b"}"#,
        ])
        defer { fixture.remove() }
        let products = String(repeating: "{},", count: 1000) + "{}"
        let table: [(body: String, code: String, source: JSONValue)] = [
            ("[]", "field_required", "amount"), ("", "field_required", "amount"),
            (#"{"amount":null,"currency":"USD"}"#, "field_required", "amount"),
            (#"{"amount":1}"#, "field_required", "currency"),
            (#"{"amount":1,"currency":"USD"}"#, "field_required", "merchant_order_id"),
            (Self.body("taken"), "already_exists", "merchant_order_id"),
            (Self.body("order-b"), "already_exists", "merchant_order_id"),
            (Self.body(""), "invalid_argument", "merchant_order_id"),
            (Self.body(String(repeating: "x", count: 65)), "invalid_argument", "merchant_order_id"),
            (Self.body("x", #","merchant_order_id":7"#), "invalid_argument", "merchant_order_id"),
            (Self.body("x", #","amount":"100.23""#), "invalid_argument", "amount"),
            (Self.body("x", #","amount":0"#), "invalid_argument", "amount"),
            (Self.body("x", #","amount":1.001"#), "invalid_argument", "amount"),
            (Self.body("x", #","currency":"JPY""#), "invalid_argument", "amount"),
            (Self.body("x", #","currency":"usd""#), "invalid_argument", "currency"),
            (Self.body("x", #","customer":"cus_1""#), "invalid_argument", "customer"),
            (Self.body("x", #","customer_id":[]"#), "invalid_argument", "customer_id"),
            (Self.body("x", #","confirm":"true""#), "invalid_argument", "confirm"),
            (Self.body("x", #","auto_capture":1"#), "invalid_argument", "auto_capture"),
            (Self.body("x", #","metadata":[]"#), "invalid_argument", "metadata"),
            (Self.body("x", #","order":{"products":[\#(products)]}"#), "invalid_argument", "order.products"),
            (
                Self.body("x", #","confirm":true,"metadata":{"sandbox_confirm":"maybe"}"#),
                "invalid_argument",
                "metadata.sandbox_confirm"
            ),
            ("{", "invalid_argument", .null), ("7", "invalid_argument", .null),
        ]
        try await withSandbox(fixture.options) { base async throws in
            for row in table {
                let reply = try await Client.create(base, row.body)
                #expect(reply.status == 400, "\(row.body.prefix(100))")
                #expect(reply.code == row.code, "\(row.body.prefix(100))")
                #expect(reply.json["source"] == row.source, "\(row.body.prefix(100))")
                #expect(reply.json.object?.members.map(\.key) == ["code", "message", "source"])
            }
            let nobody = Client.credentials.filter { $0.0 != "x-api-key" }
            let url = "\(base)/api/v1/payment_intents"
            #expect(try await Client.send(.POST, url, Self.body("x"), headers: nobody).status == 401)
            #expect(try await Client.send(.GET, url, headers: nobody).status == 401)
            #expect(try await Client.list(base).json["items"]?.array?.count == 2)
        }
        #expect(try fixture.ledger().allSatisfy { ["request", "answer"].contains($0["kind"]?.string) })
    }

    @Test("An update changes what it names while no money is held, and nothing else")
    func update() async throws {
        let statuses = UseePayStatus.allCases.map(\.rawValue)
        let fixture = try SandboxFixture(
            statuses.map { #"{"id":"\#($0)","status":"\#($0)","amount":100.23}"# })
        defer { fixture.remove() }
        let open: Set = ["requires_payment_method", "requires_customer_action"]
        try await withSandbox(fixture.options) { base async throws in
            for status in statuses {
                let before = try await Client.retrieve(base, status)
                let reply = try await Client.update(base, status, #"{"amount":7.5,"description":"new"}"#)
                #expect(reply.status == (open.contains(status) ? 200 : 400), "\(status)")
                guard open.contains(status) else {
                    #expect(reply.json["source"] == "status")
                    #expect(try await Client.retrieve(base, status).body == before.body)
                    continue
                }
                var wanted = try #require(before.json.object)
                wanted["amount"] = .number("7.5")
                wanted["description"] = "new"
                wanted["modify_at"] = "2026-10-26T07:33:20Z"
                #expect(reply.json.object == wanted)
                #expect(try await Client.retrieve(base, status).body == reply.body)
                // The order id may stay, but not become that of another intent.
                let order = try #require(wanted["merchant_order_id"]?.string)
                let keep = try await Client.update(base, status, #"{"merchant_order_id":"\#(order)"}"#)
                #expect(keep.status == 200)
                let taken = try await Client.update(base, status, #"{"merchant_order_id":"order-failed"}"#)
                #expect(taken.code == "already_exists")
                #expect(try await Client.update(base, status, #"{"currency":"JPY"}"#).status == 400)
                let yen = try await Client.update(base, status, #"{"currency":"JPY","amount":500}"#)
                #expect(yen.json["amount"] == .number("500"))
                #expect(try await Client.update(base, status, "[]").status == 200)
            }
        }
        #expect(try fixture.effects().isEmpty)
        let updated = try fixture.ledger().filter { $0["kind"]?.string == "updated" }
        #expect(updated.count == 8)
    }

    @Test("An order id that an update gives up may be used again")
    func orderIDs() async throws {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let id = try #require(try await Client.create(base, Self.body("old")).json["id"]?.string)
            #expect(try await Client.update(base, id, #"{"merchant_order_id":"new"}"#).status == 200)
            #expect(try await Client.create(base, Self.body("new")).code == "already_exists")
            #expect(try await Client.create(base, Self.body("old")).status == 200)
        }
    }

    @Test("Created, updated and confirmed intents survive a restart, byte for byte")
    func restart() async throws {
        let fixture = try SandboxFixture([#"{"id":"a"}"#])
        defer { fixture.remove() }
        let before = try await withSandbox(fixture.options) { base async throws in
            var ids: [String] = []
            for number in 0..<5 {
                let reply = try await Client.create(base, Self.body("\(number)", #","customer_id":"cus_1""#))
                ids.append(try #require(reply.json["id"]?.string))
            }
            #expect(try await Client.update(base, ids[1], #"{"description":"\u0001é\""}"#).status == 200)
            #expect(try await Client.confirm(base, ids[2]).status == 200)
            #expect(try await Client.confirm(base, ids[3]).status == 200)
            #expect(try await Client.capture(base, ids[3], #"{"amount":7.5}"#).status == 200)
            #expect(try await Client.cancel(base, ids[4]).status == 200)
            return try await Client.list(base).body
        }
        try await withSandbox(fixture.options) { base async throws in
            let after = try await Client.list(base)
            #expect(after.body == before)
            let ids = try #require(after.json["items"]?.array).compactMap { $0["id"]?.string }
            #expect(ids.count == 6)
            #expect(try await Client.create(base, Self.body("4")).code == "already_exists")
            let next = try await Client.create(base, Self.body("5"))
            #expect(!ids.contains(try #require(next.json["id"]?.string)))
            #expect(try await Client.capture(base, ids[3]).json["captured_amount"] == .number("100.23"))
        }
        #expect(try fixture.ledger().filter { $0["kind"]?.string == "created" }.count == 6)
    }

    @Test("An intent that updates make too large for one line of the ledger is refused, and stays")
    func large() async throws {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        let part = String(repeating: "x", count: 600_000)
        try await withSandbox(fixture.options) { base async throws in
            let id = try #require(try await Client.create(base, Self.body("1")).json["id"]?.string)
            #expect(try await Client.update(base, id, #"{"description":"\#(part)"}"#).status == 200)
            let refusal = try await Client.update(base, id, #"{"return_url":"\#(part)"}"#)
            #expect(refusal.status == 400)
            #expect(refusal.code == "invalid_argument")
            #expect(try await Client.retrieve(base, id).json["return_url"] == .null)
        }
        _ = try Sandbox(options: fixture.options)
    }

    @Test("64 creates at once with one order id leave one intent")
    func concurrent() async throws {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        let statuses = try await withSandbox(fixture.options) { base async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<64 {
                    group.addTask { try await Client.create(base, Self.body("1")).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1)
        #expect(statuses.filter { $0 == 400 }.count == 63)
    }

    @Test("An object of the ledger that is no intent, or another one, is refused with its line")
    func damagedObject() throws {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        for (object, words) in [
            ("7", "not a JSON object"), ("{}", "id must be"), (#"{"id":"y"}"#, "its id is y"),
        ] {
            let line =
                #"{"seq":1,"at":"2026-01-01T00:00:00.000Z","kind":"created","operation":"create","#
                + #""intent_id":"x","call":1,"object":\#(object)}"# + "\n"
            try Data(line.utf8).write(to: URL(fileURLWithPath: fixture.options.ledgerPath))
            let error = #expect(throws: SandboxError.self) { try Sandbox(options: fixture.options) }
            #expect(error?.code == .ledger)
            #expect(error?.message.contains("line 1: ") == true)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }
}

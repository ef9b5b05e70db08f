import JSON
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("Mangopay's create and list")
struct MangopayCreateTests {
    private static func body(
        _ reference: String, amount: Int = 1260, fees: Int = 60, extra: String = "",
        line: String =
            #""Seller":{"AuthorId":"user_m_1","FeesAmount":60},"Sku":"s","Quantity":2,"UnitAmount":700,"#
            + #""DiscountAmount":140,"TaxAmount":null"#
    ) -> String {
        #"{"Amount":\#(amount),"Currency":"EUR","PlatformFeesAmount":\#(fees),"ExternalData":{"#
            + #""ExternalProcessingDate":"01-10-2026","ExternalProviderReference":"\#(reference)","#
            + #""ExternalProviderName":"STRIPE","ExternalProviderPaymentMethod":"PAYPAL"},"#
            + #""Buyer":{"Id":"user_m_2"},"Tag":"t","LineItems":[{\#(line)}]\#(extra)}"#
    }

    @Test("A creation is an authorisation; the same reference again adds line items; a restart keeps both")
    func create() async throws {
        let fixture = try SandboxFixture.mangopay([])
        defer { fixture.remove() }
        let id = try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            let first = try await client.send(.POST, "", Self.body("r1"), key: "0123456789abcdef")
            #expect(first.status == 200)
            #expect(first.json["Status"] == "AUTHORIZED")
            #expect(first.json["NextActions"] == "CAPTURED, PARTIALLY_CAPTURED, CANCELED")
            #expect(first.json["Amount"] == 1260)
            #expect(first.json["AvailableAmountToSplit"] == 0)
            #expect(first.json["ExternalData"]?["ExternalProviderName"] == "Stripe")
            #expect(first.json["ExternalData"]?["ExternalProcessingDate"] == "01-10-2026")
            #expect(first.json["Tag"] == "t")
            #expect(first.json["CreationDate"] == 1_793_000_000)
            #expect(first.json["Captures"] == nil)
            let line = try #require(first.json["LineItems"]?.array?.first)
            #expect(line["Id"]?.string?.hasPrefix("int_li_01a17720") == true)
            #expect(line["TotalLineItemAmount"] == 1260)
            #expect(line["TaxAmount"] == nil)
            let id = try #require(first.json["Id"]?.string)
            #expect(id.hasPrefix("int_01a17720"))
            let second = try await client.send(.POST, "", Self.body("r1"))
            #expect(second.json["Id"]?.string == id)
            #expect(second.json["Amount"] == 2520)
            #expect(second.json["PlatformFeesAmount"] == 120)
            #expect(Set(second.json["LineItems"]?.array?.compactMap { $0["Id"]?.string } ?? []).count == 2)
            let other = try await client.send(.POST, "", Self.body("r2"))
            #expect(other.json["Id"]?.string != id)
            #expect(MangopayInvariants.broken(try await client.view(id).json) == [])
            #expect(try await client.send(.POST, "", Self.body("r3"), key: "0123456789abcdef").status == 409)
            return id
        }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            let view = try await client.view(id).json
            #expect(view["Amount"] == 2520)
            #expect(MangopayInvariants.broken(view) == [])
            #expect(try await client.stored("0123456789abcdef").json["Resource"]?["Amount"] == 1260)
            #expect(try await client.capture(id).json["Status"] == "CAPTURED")
            let late = try await client.send(.POST, "", Self.body("r1"))
            #expect(late.status == 400)
            #expect(late.json["Type"] == "invalid_action")
        }
        // Creations have a kind of their own: an effect is money that was captured or released.
        #expect(try fixture.effects() == ["capture \(id) 2520"])
        let created = try fixture.ledger().filter { $0["kind"]?.string == "created" }
        #expect(created.count == 3)
        #expect(
            created.filter { $0["intent_id"]?.string == id }.map { $0["amount"]?.string } == ["1260", "1260"])
    }

    @Test("Creations that do not add up, or lack what is required, are refused")
    func refused() async throws {
        let fixture = try SandboxFixture.mangopay([])
        defer { fixture.remove() }
        let table: [(body: String, field: String)] = [
            (Self.body("r", amount: 1261), "Amount"), (Self.body("r", amount: 0), "Amount"),
            (Self.body("r", fees: 61), "PlatformFeesAmount"), (Self.body("r", line: ""), "LineItems.Seller"),
            (Self.body("r", line: #""Seller":{"FeesAmount":60},"UnitAmount":1260"#), "LineItems.Seller"),
            (Self.body("r", line: #""Seller":{"WalletId":"w"},"Quantity":0,"UnitAmount":1"#), "LineItems"),
            (Self.body("r", line: #""Seller":{"WalletId":"w"},"Quantity":2"#), "LineItems"),
            (Self.body("", fees: 60), "ExternalData.ExternalProviderReference"), ("", "Amount"),
            (#"{"Amount":1}"#, "Currency"), (#"{"Amount":1,"Currency":"EUR"}"#, "ExternalData"),
            (
                #"{"Amount":1,"Currency":"EUR","ExternalData":{"ExternalProcessingDate":1}}"#,
                "ExternalData.ExternalProviderReference"
            ),
            (
                Self.body(
                    "r",
                    line: #""Seller":{"WalletId":"w"},"Quantity":2147483647,"UnitAmount":9223372036854775807"#
                ),
                "LineItems"
            ),
        ]
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            for row in table {
                let reply = try await client.send(.POST, "", row.body)
                #expect(reply.status == 400, "\(row.body)")
                #expect(reply.json["Errors"]?.object?.members.map(\.key) == [row.field], "\(row.body)")
            }
        }
        #expect(try fixture.effects().isEmpty)
    }

    @Test("Lists come in pages with their headers, filtered and sorted")
    func list() async throws {
        let intents = (0..<23).map {
            #"{"Id":"i\#(10 + $0)","Currency":"\#($0 < 3 ? "USD" : "EUR")","CreationDate":\#(1000 + $0),"#
                + #""Status":"\#($0 % 2 == 0 ? "AUTHORIZED" : "CANCELED")"}"#
        }
        let fixture = try SandboxFixture.mangopay(intents)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            func ids(_ query: String) async throws -> [String] {
                let reply = try await client.send(.GET, query)
                #expect(reply.status == 200)
                return reply.json.array?.compactMap { $0["Id"]?.string } ?? []
            }
            let all = (0..<23).map { "i\(10 + $0)" }
            #expect(try await ids("") == Array(all[0..<10]))
            #expect(try await ids("?page=3") == Array(all[20...]))
            #expect(try await ids("?page=4") == [])
            #expect(try await ids("?per_page=1000") == all)
            #expect(try await ids("?per_page=2&page=2&Sort=CreationDate%3ADESC") == [all[20], all[19]])
            #expect(try await ids("?Currency=USD") == Array(all[0..<3]))
            #expect(try await ids("?Currency=USD&Status=CANCELLED") == [all[1]])
            #expect(try await ids("?Status=CANCELED&Status=AUTHORIZED&per_page=100") == all)
            #expect(try await ids("?AfterDate=1000&BeforeDate=1003") == [all[1], all[2]])
            #expect(try await ids("?ExternalProviderName=Adyen") == [])
            #expect(try await ids("?ExternalProviderName=stripe&Currency=USD") == Array(all[0..<3]))
            let reply = try await client.send(.GET, "?page=2&per_page=10&Status=AUTHORIZED&Status=CANCELLED")
            #expect(reply.headers["x-number-of-pages"] == ["3"])
            #expect(reply.headers["x-number-of-items"] == ["23"])
            let path = "\(base)/v3.0/acme/payins/intents"
            func link(_ page: Int, _ relation: String) -> String {
                "<\(path)?page=\(page)&per_page=10&Status=AUTHORIZED&Status=CANCELLED>; rel=\"\(relation)\""
            }
            #expect(
                reply.headers["link"] == [
                    [link(1, "first"), link(1, "prev"), link(3, "next"), link(3, "last")].joined(
                        separator: ", ")
                ])
            for query in ["?page=0", "?page=x", "?per_page=0", "?Sort=Amount:ASC", "?BeforeDate=1.5"] {
                #expect(try await client.send(.GET, query).status == 400, "\(query)")
            }
            #expect(try await ids("?page=9223372036854775807") == [])
        }
    }

    @Test(
        "A bad line of an intents file is named with its number and what is wrong",
        arguments: [
            ("{", "is not JSON at byte"), ("[]", "is not a JSON object"), ("{}", "Id must be a string"),
            (#"{"Id":7}"#, "Id must be a string"), (#"{"Id":"first"}"#, "the Id first has been given"),
            (#"{"Id":"x","Id":"y"}"#, "Id is given twice"),
            (#"{"Id":"x","Amount":1.5}"#, "Amount must be an integer"),
            (#"{"Id":"x","Amount":0}"#, "Amount must be greater than 0"),
            (#"{"Id":"x","Currency":"eur"}"#, "Currency must be three capital letters"),
            (#"{"Id":"x","Status":"PAID"}"#, "Status PAID is unknown"),
            (#"{"Id":"x","Status":"PARTIALLY_CAPTURED"}"#, "Status PARTIALLY_CAPTURED does not fit"),
            (
                #"{"Id":"x","LineItems":[{"TotalLineItemAmount":5,"CapturedAmount":5}]}"#,
                "Status AUTHORIZED does not fit"
            ),
            (
                #"{"Id":"x","Amount":6,"LineItems":[{"TotalLineItemAmount":5}]}"#,
                "Amount must equal the sum of the TotalLineItemAmount values"
            ),
            (
                #"{"Id":"x","LineItems":[{"TotalLineItemAmount":5,"UnitAmount":3,"Quantity":2}]}"#,
                "must have a TotalLineItemAmount of UnitAmount x Quantity"
            ),
            (
                #"{"Id":"x","LineItems":[{"TotalLineItemAmount":5,"CancelledAmount":6}]}"#,
                "do not fit each other"
            ),
            (
                #"{"Id":"x","LineItems":[{"Id":"a","UnitAmount":5},{"Id":"a","UnitAmount":5}]}"#,
                "have the Id a twice"
            ),
            (
                #"{"Id":"x","Status":"CAPTURED","Captures":[{"Id":"int_capture_1","LineItems":[]}]}"#,
                "do not add up"
            ),
            (
                #"{"Id":"x","LineItems":[{"TotalLineItemAmount":9223372036854775807},"#
                    + #"{"TotalLineItemAmount":9223372036854775807}]}"#, "Amount is too large"
            ),
            (
                #"{"Id":"x","ExternalData":{"ExternalProviderReference":"auth-first"}}"#,
                "auth-first has been given"
            ),
        ])
    func badLines(line: String, words: String) throws {
        let fixture = try SandboxFixture.mangopay([#"{"Id":"first"}"#, "", line])
        defer { fixture.remove() }
        let error = #expect(throws: SandboxError.self) { try Sandbox(options: fixture.options) }
        #expect(error?.code == .intents)
        #expect(error?.message.contains("intents.ndjson, line 3: ") == true)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("What GET answers can be loaded again, both spellings are taken, and further members survive")
    func kept() async throws {
        let lines = [
            #"{"Id":"old","Status":"CANCELED","LineItems":[{"Id":"l","UnitAmount":5,"CanceledAmount":5}]}"#,
            #"{"Id":"new","Status":"CANCELLED","SettlementId":"s","X":{"y":1.10}}"#,
            #"{"Id":"done","Status":"CAPTURED","Refunds":[{"Id":"int_refund_1"}],"Tag":"mine"}"#,
            #"{"Id":"some","Status":"PARTIALLY_CAPTURED","LineItems":[{"Id":"l","TotalLineItemAmount":5,"#
                + #""CapturedAmount":2,"CancelledAmount":1,"Sku":"k","Z":[]}]}"#,
        ]
        let first = try SandboxFixture.mangopay(lines)
        defer { first.remove() }
        let views = try await withSandbox(first.options) { base async throws in
            let client = try await MangopayClient(base)
            var views: [JSONValue] = []
            for id in ["old", "new", "done", "some"] {
                let view = try await client.view(id).json
                #expect(MangopayInvariants.broken(view) == [], "\(id)")
                views.append(view)
            }
            return views
        }
        #expect(views[0]["Status"] == "CANCELLED")
        #expect(views[0]["LineItems"]?.array?.first?["CancelledAmount"] == 5)
        #expect(views[1]["X"] == ["y": .number("1.10")])
        #expect(views[1]["SettlementId"] == "s")
        #expect(views[2]["Refunds"]?.array?.count == 1)
        #expect(views[2]["Captures"]?.array?.count == 1)
        #expect(views[3]["LineItems"]?.array?.first?["Z"] == [])
        let second = try SandboxFixture.mangopay(views.map(\.text))
        defer { second.remove() }
        try await withSandbox(second.options) { base async throws in
            let client = try await MangopayClient(base)
            for view in views { #expect(try await client.view(view["Id"]?.string ?? "").json == view) }
        }
    }
}

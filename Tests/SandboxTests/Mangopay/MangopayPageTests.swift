import JSON
import Testing

@testable import Sandbox

/// The original page "Cancel an Intent" (autumn 2025), request and answers.
@Suite("Mangopay's page")
struct MangopayPageTests {
    private static let id = "409f8d2e-9eba-48f9-8a52-dc9bda4d9041"
    private static let data = """
        {"ExternalProcessingDate":"03-10-2024",\
        "ExternalProviderReference":"cancel-stripe-d5fad854-117c-4b1a-bf15-d8e2846749c7",\
        "ExternalMerchantReference":"cancel-order-1d1d3c30-5f0f-4cda-ad0d-7ab3c315de3d",\
        "ExternalProviderName":"Stripe","ExternalProviderPaymentMethod":"PAYPAL"}
        """
    /// The authorisation before the page's cancel. The newer pages answer a cancel with the authorisation's
    /// external data, the seed page shows the cancel's: the same here.
    private static let intent = """
        {"Id":"\(id)","Amount":10000,"Currency":"EUR","Status":"AUTHORIZED","ExternalData":\(data),\
        "Buyer":{"Id":"user_m_01JCGBN7B7QG2YZ8ARA5J8WYMW"},"LineItems":[\
        {"Id":"1f395091-6b27-440f-8d38-39832cf1cfc9","TotalLineItemAmount":7500},\
        {"Id":"1f12c4d5-d6ea-40f2-ac8e-bb3c8770918c","TotalLineItemAmount":2500}],\
        "CreationDate":1733329398,"ExecutionDate":1733329423}
        """

    /// The page's answer, but for what the newest pages have changed: the spelling of CANCELLED and
    /// CancelledAmount, UnfundedSellerAmount on lines, and the id of the cancel.
    private static func answer(cancelID: String) -> String {
        func line(_ id: String, _ amount: Int) -> String {
            #"{"Id":"\#(id)","TotalLineItemAmount":\#(amount),"CancelledAmount":\#(amount),"#
                + #""CapturedAmount":0,"RefundedAmount":0,"DisputedAmount":0,"SplitAmount":0,"#
                + #""UnfundedSellerAmount":0}"#
        }
        return """
            {"Id":"\(id)","Amount":10000,"AvailableAmountToSplit":0,"UnfundedAmount":0,"Currency":"EUR",\
            "PlatformFeesAmount":0,"Status":"CANCELLED","ExternalData":\(data),\
            "Buyer":{"Id":"user_m_01JCGBN7B7QG2YZ8ARA5J8WYMW"},"LineItems":[\
            \(line("1f395091-6b27-440f-8d38-39832cf1cfc9", 7500)),\
            \(line("1f12c4d5-d6ea-40f2-ac8e-bb3c8770918c", 2500))],\
            "CreationDate":1733329398,"ExecutionDate":1733329423,"Cancel":{"Id":"\(cancelID)"}}
            """
    }

    @Test("The page's request is answered as the page shows, field by field and in its order")
    func golden() async throws {
        let fixture = try SandboxFixture.mangopay([Self.intent])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            let reply = try await client.cancel(Self.id, #"{"ExternalData": \#(Self.data)}"#)
            #expect(reply.status == 200)
            #expect(reply.contentType == "application/json")
            let cancelID = try #require(reply.json["Cancel"]?["Id"]?.string)
            #expect(cancelID.hasPrefix("int_cancel_01a17720"))
            #expect(String(decoding: reply.body, as: UTF8.self) == Self.answer(cancelID: cancelID))
            let view = try await client.view(Self.id).json
            #expect(view["Status"] == "CANCELLED")
            #expect(MangopayInvariants.broken(view) == [])
        }
        #expect(
            try fixture.ledgerText().split(separator: "\n")[3].hasPrefix(
                #"{"seq":4,"at":"2026-10-26T07:33:20.123Z","kind":"effect","operation":"cancel","#
                    + #""intent_id":"409f8d2e-9eba-48f9-8a52-dc9bda4d9041","call":2,"amount":"10000","#
                    + #""currency":"EUR","reason":null,"#
                    + #""lines":[{"id":"1f395091-6b27-440f-8d38-39832cf1cfc9","amount":"7500"},"#
                    + #"{"id":"1f12c4d5-d6ea-40f2-ac8e-bb3c8770918c","amount":"2500"}],"#
                    + #""cancel_id":"int_cancel_"#
            ))
    }

    @Test("A second cancel gets the page's error, with the details under both names")
    func refused() async throws {
        let fixture = try SandboxFixture.mangopay([Self.intent])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            #expect(try await client.cancel(Self.id).status == 200)
            let reply = try await client.cancel(Self.id)
            #expect(reply.status == 400)
            let details: JSONValue = [
                "Status": "Intent cannot be cancelled because it is not in AUTHORIZED status."
            ]
            #expect(
                reply.json == [
                    "Message": "Action on the Intent resource is not permitted",
                    "Id": reply.json["Id"] ?? .null, "Date": 1_793_000_000, "Type": "invalid_action",
                    "Errors": details, "errors": details,
                ])
            #expect(reply.json["Id"]?.string?.utf8.count == 36)
        }
        #expect(try fixture.effects() == ["cancel \(Self.id) 10000"])
    }

    @Test("An intent of which the file gives the id alone is an authorisation of 100.00 EUR in one line")
    func defaults() async throws {
        let fixture = try SandboxFixture.mangopay([#"{"Id":"int_1"}"#])
        defer { fixture.remove() }
        let view = try await withSandbox(fixture.options) { base async throws in
            try await MangopayClient(base).view("int_1").json
        }
        #expect(
            view.object?.members.map(\.key) == [
                "Id", "Amount", "AvailableAmountToSplit", "UnfundedAmount", "Currency", "PlatformFeesAmount",
                "Status", "NextActions", "ExternalData", "LineItems", "CreationDate", "ExecutionDate",
                "Captures",
                "Refunds", "Disputes", "Splits",
            ])
        #expect(view["Amount"] == 10000)
        #expect(view["Currency"] == "EUR")
        #expect(view["Status"] == "AUTHORIZED")
        #expect(view["NextActions"] == "CAPTURED, PARTIALLY_CAPTURED, CANCELED")
        #expect(view["LineItems"]?.array?.count == 1)
        #expect(view["LineItems"]?.array?.first?["Id"]?.string?.hasPrefix("int_li_") == true)
        #expect(MangopayInvariants.broken(view) == [])
    }
}

import JSON
import Testing

@testable import Sandbox

/// The original page "Cancel a PaymentIntent" (modified 2024-12-27), request and answer.
@Suite("The page's own example")
struct UseePayPageTests {
    /// The page's answer, but for the fields that cancelling sets.
    static let intent = """
        {"id":"1012411211459019141","amount":100.23,"currency":"USD","status":"requires_capture",\
        "customer":{"id":null,"address":{"country":"US","city":"New York","postcode":"100000","state":"NY",\
        "line1":"Pudong District","line2":null},"description":null,"name":null,"email":"test@useepay.com",\
        "phone":null,"metadata":null,"shipping":null,"merchant_no":null,"app_id":null,"create_at":null,\
        "modify_at":null,"first_name":"zhang","last_name":"shan","merchant_customer_id":"cust00003"},\
        "description":"Airwallex - T-shirt","order":{"category":"Apparel and accessories",\
        "products":[{"name":"IPHONE7","desc":"IPHONE 7","quantity":5,"sku":"100004","type":"physical",\
        "url":"https://example.useepay.com/product/12345","effective_end_at":"2020-12-31T23:59:59Z",\
        "effective_start_at":"2020-01-01T00:00:00Z","price":100.01}],\
        "shipping":{"address":{"city":"Shanghai","postcode":"100000","state":"Shanghai",\
        "line1":"Pudong District"},"first_name":"John","last_name":"Doe","shipping_method":"sameday"}},\
        "metadata":{"id":1},"confirm":false,"merchant_no":"500000000007264","app_id":"www.pay.com",\
        "create_at":"2024-10-24T11:19:26Z","merchant_order_id":"72934khwqjry09ew802",\
        "invoice_id":"inv_1J6K48EGK0800","customer_id":"cus_1J6N9TPUSIG00",\
        "payment_method_options":{"type":"card","card":{"three_ds_action":"force_3ds",\
        "authorization_type":"final_auth","auto_capture":true}},"return_url":"http://www.example.com",\
        "client_secret":"0656dc044273b8663fa1d078b32cf385","mandate_id":"man_1JAJCTN280400"}
        """

    /// The page's answer with our id, reason and times (the sandbox's clock stands at
    /// 2026-10-26T07:33:20.123Z).
    static let answer = """
        {"id":"1012411211459019141","code":null,"source":null,"message":null,"amount":100.23,\
        "currency":"USD","status":"canceled","customer":{"id":null,"address":{"country":"US",\
        "city":"New York","postcode":"100000","state":"NY","line1":"Pudong District","line2":null},\
        "description":null,"name":null,"email":"test@useepay.com","phone":null,"metadata":null,\
        "shipping":null,"merchant_no":null,"app_id":null,"create_at":null,"modify_at":null,\
        "first_name":"zhang","last_name":"shan","merchant_customer_id":"cust00003"},\
        "description":"Airwallex - T-shirt","order":{"category":"Apparel and accessories",\
        "products":[{"id":null,"name":"IPHONE7","desc":"IPHONE 7","quantity":5,"sku":"100004",\
        "type":"physical","url":"https://example.useepay.com/product/12345",\
        "effective_end_at":"2020-12-31T23:59:59Z","effective_start_at":"2020-01-01T00:00:00Z",\
        "price":100.01}],"sellers":null,"shipping":{"address":{"country":null,"city":"Shanghai",\
        "postcode":"100000","state":"Shanghai","line1":"Pudong District","line2":null},"name":null,\
        "phone":null,"first_name":"John","last_name":"Doe","shipping_method":"sameday"}},"metadata":{"id":1},\
        "confirm":false,"merchant_no":"500000000007264","app_id":"www.pay.com",\
        "create_at":"2024-10-24T11:19:26Z","modify_at":"2026-10-26T07:33:20Z","decline_code":null,\
        "doc_url":null,"merchant_order_id":"72934khwqjry09ew802","invoice_id":"inv_1J6K48EGK0800",\
        "captured_amount":null,"customer_id":"cus_1J6N9TPUSIG00","available_payment_method_types":["card",\
        "applepay","googlepay"],"payment_method_options":{"type":"card",\
        "card":{"three_ds_action":"force_3ds","authorization_type":"final_auth","auto_capture":true},\
        "klarna":null,"wechatpay":null,"alipay_hk":null},"cancellation_reason":"Order cancelled",\
        "cancelled_at":"2026-10-26T07:33:20Z","next_action":null,"return_url":"http://www.example.com",\
        "client_secret":"0656dc044273b8663fa1d078b32cf385","auto_capture":false,\
        "mandate_id":"man_1JAJCTN280400"}
        """

    @Test("The page's curl request is answered by the page's answer, field by field and in its order")
    func golden() async throws {
        let fixture = try SandboxFixture([Self.intent])
        defer { fixture.remove() }
        let reply = try await withSandbox(fixture.options) { base async throws in
            try await Client.cancel(
                base, "1012411211459019141", "{\n    \"cancellation_reason\": \"Order cancelled\"\n}")
        }
        #expect(reply.status == 200)
        #expect(reply.contentType == "application/json")
        let expected = try #require(try JSONValue(parsing: Self.answer).object?.members)
        let got = try #require(reply.json.object?.members)
        #expect(got.map(\.key) == expected.map(\.key))
        for (field, want) in zip(got, expected) { #expect(field == want) }
        #expect(
            try fixture.ledgerText().dropLast() == """
                {"seq":1,"at":"2026-10-26T07:33:20.123Z","kind":"request","gateway":"useepay",\
                "operation":"cancel","intent_id":"1012411211459019141","call":1,"fault":null}
                {"seq":2,"at":"2026-10-26T07:33:20.123Z","kind":"effect","operation":"cancel",\
                "intent_id":"1012411211459019141","call":1,"amount":"100.23","currency":"USD",\
                "reason":"Order cancelled"}
                {"seq":3,"at":"2026-10-26T07:33:20.123Z","kind":"answer","call":1,"status":200}
                """)
    }

    @Test("An intent of which the file gives the id alone has every field of the page")
    func defaults() async throws {
        let fixture = try SandboxFixture([#"{"id":"1012411211459019141"}"#])
        defer { fixture.remove() }
        let reply = try await withSandbox(fixture.options) {
            try await Client.retrieve($0, "1012411211459019141")
        }
        let page = try #require(try JSONValue(parsing: Self.answer).object)
        let object = try #require(reply.json.object)
        #expect(object.members.map(\.key) == page.members.map(\.key))
        #expect(Set(page.members.map(\.key)) == UseePayIntent.pageKeys)
        #expect(object["amount"] == .number("100.00"))
        #expect(object["currency"] == "USD")
        #expect(object["status"] == "requires_capture")
        #expect(object["captured_amount"] == .null)
        #expect(object["client_secret"]?.string?.utf8.count == 32)
        #expect(try fixture.effects().isEmpty)
    }
}

import Gateways
import Instructions
import Testing

@Suite("UseePay's profile and the registry")
struct UseePayProfileTests {
    @Test(
        "What each status allows",
        arguments: [
            ("requires_payment_method", IntentState.unauthorized, true, false),
            ("requires_customer_action", .unauthorized, true, false),
            ("requires_capture", .authorized, true, true),
            ("succeeded", .captured, false, false),
            ("canceled", .cancelled, false, false),
            ("cancelled", .cancelled, false, false),
            ("pending", .pending, false, false),
            ("failed", .failed, false, false),
            ("requires_action", .other, false, false),
            ("requires_confirmation", .other, false, false),
            ("processing", .other, false, false),
            ("payment_intent_created", .other, false, false),
            ("CANCELED", .other, false, false),
            ("", .other, false, false),
        ])
    func states(status: String, state: IntentState, cancel: Bool, capture: Bool) {
        let profile = UseePayProfile.profile(assume: [:])
        #expect(profile.state(of: status) == state)
        #expect(profile.allows(.cancel, from: state) == cancel)
        #expect(profile.allows(.capture, from: state) == capture)
    }

    @Test("Partial captures are refused unless the account assumes otherwise")
    func assumptions() throws {
        #expect(UseePayProfile.profile(assume: [:]).partialCapture == .refused)
        #expect(UseePayProfile.profile(assume: ["partial-capture": "refused"]).partialCapture == .refused)
        #expect(UseePayProfile.profile(assume: ["partial-capture": "final"]).partialCapture == .final)
        let profile = UseePayProfile.profile(assume: ["partial-capture": "final"])
        #expect(profile.partialCancel == .refused)
        #expect(profile.missingCapturedAmountMeansWhole && profile.sendsCancellationReason)
        #expect(profile.defaultLimits == [RateLimit(calls: 5, window: .seconds(1))])
        #expect(profile.assumptions.map(\.key) == ["amount-unit", "capture-amount-field", "partial-capture"])
        #expect(profile.assumptions.map(\.choices) == [["major"], ["amount"], ["refused", "final"]])
    }

    @Test("The registry knows UseePay and Mangopay and nothing else")
    func registry() throws {
        #expect(Gateways.names == ["useepay", "mangopay"])
        #expect(Gateways.profile(named: "useepay")?.gateway == "useepay")
        #expect(Gateways.profile(named: "stripe") == nil)
        let identity = try Gateways.identity(
            named: "useepay", baseURL: .validated("HTTPS://OpenAPI.UseePay.com:443/"),
            credentials: credentials)
        #expect(
            identity.text == "useepay https://openapi.useepay.com 500000000007245 www.pay.com",
            "the key is no part of it")
        #expect(throws: GatewaySetupError.self) {
            try Gateways.identity(
                named: "stripe", baseURL: .validated("https://a.example"), credentials: credentials)
        }
    }

    @Test(
        "Unusable credentials are named, never shown",
        arguments: [
            ("api-key", "secret\n", "credential_invalid"), ("api-key", "sec ret", "credential_invalid"),
            ("api-key", "sécret", "credential_invalid"), ("api-key", "", "credential_missing"),
            ("merchant-no", nil, "credential_missing"), ("app-id", "a\r\nx-evil: 1", "credential_invalid"),
        ])
    func credentialProblems(key: String, value: String?, code: String) throws {
        var values = ["merchant-no": "5000", "app-id": "www.pay.com", "api-key": "secret-key"]
        values[key] = value
        let error = #expect(throws: GatewaySetupError.self) {
            try UseePayCredentials(GatewayCredentials(values))
        }
        #expect(error?.code == code)
        #expect(error?.message.contains(key) == true)
        if let value, !value.isEmpty { #expect(error?.message.contains(value) == false) }
    }

    @Test("No way of printing shows a key")
    func keysStayHidden() async throws {
        var text = ""
        dump(credentials, to: &text)
        dump(try UseePayCredentials(credentials), to: &text)
        text += "\(credentials) \(try UseePayCredentials(credentials))"
        text += String(reflecting: credentials) + String(reflecting: try UseePayCredentials(credentials))
        try await withClient("https://openapi.useepay.com") { client in
            text += "\(client) " + String(reflecting: client)
            dump(client, to: &text)
        }
        #expect(text.contains("www.pay.com"))
        #expect(!text.contains(apiKey))
    }
}

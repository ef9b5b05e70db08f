import Gateways
import Instructions
import Runs
import Testing

@Suite("Mangopay's profile and credentials")
struct MangopayProfileTests {
    @Test(
        "What each status allows",
        arguments: [
            ("AUTHORIZED", IntentState.authorized, true, true),
            ("PARTIALLY_CAPTURED", .partiallyCaptured, false, true),
            ("CAPTURED", .captured, false, false),
            ("CANCELED", .cancelled, false, false), ("CANCELLED", .cancelled, false, false),
            ("REFUNDED", .other, false, false), ("REFUND_REVERSED", .other, false, false),
            ("DISPUTED", .other, false, false), ("DEFENDED", .other, false, false),
            ("DISPUTED_WON", .other, false, false), ("DISPUTED_LOST", .other, false, false),
            ("authorized", .other, false, false), ("Cancelled", .other, false, false),
            ("", .other, false, false),
        ])
    func states(status: String, state: IntentState, cancel: Bool, capture: Bool) {
        let profile = MangopayProfile.profile
        #expect(profile.state(of: status) == state)
        #expect(profile.allows(.cancel, from: state) == cancel)
        #expect(profile.allows(.capture, from: state) == capture)
    }

    @Test("The retry contract: keys for a day, tokens, parts by line items, four windows")
    func contract() throws {
        let profile = try #require(Gateways.profile(named: "mangopay"))
        #expect(profile.gateway == "mangopay" && profile.states.count == 11)
        #expect(profile.partialCancel == .byLineItems && profile.partialCapture == .byLineItems)
        #expect(!profile.missingCapturedAmountMeansWhole && !profile.sendsCancellationReason)
        #expect(profile.keyLifetime == .seconds(86_400) && profile.usesTokens)
        #expect(
            profile.defaultLimits == [
                RateLimit(calls: 2300, window: .seconds(900)), RateLimit(calls: 4500, window: .seconds(1800)),
                RateLimit(calls: 8800, window: .seconds(3600)),
                RateLimit(calls: 105_600, window: .seconds(86_400)),
            ])
    }

    @Test("Every assumption has one choice and a sentence that says so")
    func assumptions() {
        let assumptions = MangopayProfile.profile.assumptions
        #expect(
            assumptions.map(\.key) == [
                "partial-cancel-body", "cancel-when-partially-captured", "missing-cancelled-amount",
                "unknown-key", "conflict",
            ])
        for assumption in assumptions {
            #expect(assumption.choices.count == 1 && assumption.meaning.hasSuffix("."))
        }
    }

    @Test("The account is known by its client id and address; the key is no part of it")
    func identity() throws {
        let identity = try Gateways.identity(
            named: "mangopay", baseURL: .validated("https://API.mangopay.com/"),
            credentials: mangopayCredentials)
        #expect(identity.text == "mangopay https://api.mangopay.com acme")
    }

    @Test(
        "Unusable credentials are named, never shown",
        arguments: [
            ("api-key", "secret\n", "credential_invalid"), ("api-key", "", "credential_missing"),
            ("api-key", nil, "credential_missing"), ("client-id", nil, "credential_missing"),
            ("client-id", "ac:me", "credential_invalid"), ("client-id", "ac me", "credential_invalid"),
        ])
    func credentialProblems(key: String, value: String?, code: String) throws {
        var values = ["client-id": "acme", "api-key": "secret-key"]
        values[key] = value
        let error = #expect(throws: GatewaySetupError.self) {
            try MangopayCredentials(GatewayCredentials(values))
        }
        #expect(error?.code == code && error?.message.contains(key) == true)
        if let value, !value.isEmpty { #expect(error?.message.contains(value) == false) }
    }

    @Test("No way of printing shows key, token or what is made of them")
    func secretsStayHidden() async throws {
        let made = try MangopayCredentials(mangopayCredentials)
        var text = "\(made) " + String(reflecting: made)
        dump(made, to: &text)
        try await ScriptedServer.running(tokenPlay) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)") { client in
                let answer = await client.send(client.request(for: .token), timeout: .seconds(20))
                text += "\(answer) \(client) " + String(reflecting: client)
                dump(client, to: &text)
                for call in mangopayCalls + [.token] { dump(client.request(for: call), to: &text) }
            }
        }
        #expect(text.contains("acme"))
        for secret in [mangopayAPIKey, mangopayBasic, mangopayToken] {
            #expect(!text.contains(secret))
        }
    }
}

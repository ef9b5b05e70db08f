import Instructions
import Settings
import Testing

@Suite("Accounts at Mangopay")
struct MangopayAccountTests {
    private static let both = profiles.merging(
        [
            "mangopay": GatewayProfile(
                gateway: "mangopay", states: ["AUTHORIZED": .authorized], cancelAllowedFrom: [.authorized],
                captureAllowedFrom: [.authorized], partialCancel: .byLineItems,
                partialCapture: .byLineItems, missingCapturedAmountMeansWhole: false,
                sendsCancellationReason: false, usesTokens: true,
                defaultLimits: [RateLimit(calls: 2300, window: .seconds(900))], assumptions: [])
        ], uniquingKeysWith: { first, _ in first })

    private func read(_ lines: String...) throws -> AccountSettings {
        let text = (["accounts:", "  m:", "    gateway: mangopay"] + lines.map { "    " + $0 })
            .joined(separator: "\n")
        return try ConfigurationFile.parse(text, path: "/c.yaml", profiles: Self.both).accounts[0]
    }

    private static let credentials = "credentials: { client-id: acme, api-key: { env: MANGOPAY_KEY } }"

    @Test("Without a base-url it is the live API's")
    func defaultBaseURL() throws {
        let account = try read(Self.credentials)
        #expect(account.baseURL == "https://api.mangopay.com")
        #expect(
            account.credentials == ["client-id": .text("acme"), "api-key": .environment("MANGOPAY_KEY")])
        #expect(account.limits == nil && account.assume.isEmpty)
    }

    @Test("A base-url that is given counts, and is checked")
    func givenBaseURL() throws {
        let account = try read("base-url: https://api.sandbox.mangopay.com/", Self.credentials)
        #expect(account.baseURL == "https://api.sandbox.mangopay.com")
        for text in ["http://api.mangopay.com", "api.mangopay.com", "''"] {
            #expect(throws: ConfigurationError.self) { try read("base-url: \(text)", Self.credentials) }
        }
    }

    @Test("A practice account has no base-url")
    func practice() throws {
        let account = try read("sandbox: { intents: intents.ndjson }")
        #expect(account.baseURL == nil && account.credentials.isEmpty)
    }

    @Test(
        "Both credentials are needed, the key is never plain text, and UseePay's are unknown here",
        arguments: [
            (
                "credentials: { client-id: acme }",
                "`api-key` is missing: this gateway needs client-id, api-key"
            ),
            ("credentials: { api-key: { env: A } }", "`client-id` is missing"),
            ("credentials: { client-id: acme, api-key: topsecret }", "must not stand here in plain text"),
            ("credentials: { client-id: a, api-key: { env: A }, merchant-no: b }", "`merchant-no`"),
            ("timeout: 1s", "`credentials` is missing: this gateway needs client-id, api-key"),
        ])
    func credentialProblems(line: String, message: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try read(line) }
        let problems = try #require(error).problems
        #expect(problems.count == 1 && problems[0].message.contains(message), "\(problems)")
        #expect(!problems.description.contains("topsecret"))
    }
}

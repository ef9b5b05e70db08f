/// What is peculiar to a sandbox that plays Mangopay.
package struct MangopayOptions: Equatable, Sendable {
    /// Without credentials any non-empty ones are accepted, and any client id in the paths.
    package var credentials: MangopayCredentials?
    /// How long a token is accepted. 1199 s is what the live sandbox answers (fact file, section 2).
    package var tokenLifeSeconds: Int
    /// How long an idempotency key is remembered with its answer (section 12).
    package var keyLifetimeSeconds: Int
    /// In the order of their headers; empty for no limits and no such headers.
    package var limits: [MangopayLimit]

    package init(
        credentials: MangopayCredentials? = nil, tokenLifeSeconds: Int = 1199,
        keyLifetimeSeconds: Int = 86_400, limits: [MangopayLimit] = MangopayLimit.documented
    ) {
        self.credentials = credentials
        self.tokenLifeSeconds = tokenLifeSeconds
        self.keyLifetimeSeconds = keyLifetimeSeconds
        self.limits = limits
    }
}

/// What a client shows when it asks for a token.
package struct MangopayCredentials: Equatable, Sendable {
    package var clientID: String
    package var apiKey: String

    package init(clientID: String, apiKey: String) {
        self.clientID = clientID
        self.apiKey = apiKey
    }
}

/// So many calls in any span of so many seconds.
package struct MangopayLimit: Equatable, Sendable {
    package var calls: Int
    package var windowSeconds: Int

    /// - Parameter calls: at least 1, as is the window; less traps.
    package init(calls: Int, windowSeconds: Int) {
        precondition(
            calls > 0 && windowSeconds > 0, "A limit allows at least one call in at least one second.")
        self.calls = calls
        self.windowSeconds = windowSeconds
    }

    /// The four windows of the page on rate limiting (fact file, section 13).
    package static let documented = [
        MangopayLimit(calls: 2_300, windowSeconds: 15 * 60),
        MangopayLimit(calls: 4_500, windowSeconds: 30 * 60),
        MangopayLimit(calls: 8_800, windowSeconds: 60 * 60),
        MangopayLimit(calls: 105_600, windowSeconds: 24 * 60 * 60),
    ]
}

package import Instructions

/// Mangopay's rules for Intents as data. Sources: the original page "Cancel an Intent" (autumn 2025), the
/// reference pages of 2026, and Mangopay's own client libraries for what the pages leave open.
package enum MangopayProfile {
    /// As an account's `gateway:` names it.
    package static let gateway = "mangopay"

    /// The rules. No assumption leaves an account a choice.
    package static let profile = GatewayProfile(
        gateway: gateway,
        states: states,
        cancelAllowedFrom: [.authorized],
        captureAllowedFrom: [.authorized, .partiallyCaptured],
        partialCancel: .byLineItems,
        partialCapture: .byLineItems,
        // The captured amount is the sum of the lines' own, which every page shows.
        missingCapturedAmountMeansWhole: false,
        sendsCancellationReason: false,
        keyLifetime: .seconds(24 * 3600),
        usesTokens: true,
        defaultLimits: [
            RateLimit(calls: 2300, window: .seconds(15 * 60)),
            RateLimit(calls: 4500, window: .seconds(30 * 60)),
            RateLimit(calls: 8800, window: .seconds(3600)),
            RateLimit(calls: 105_600, window: .seconds(24 * 3600)),
        ],
        assumptions: assumptions)

    private static let states: [String: IntentState] = [
        "AUTHORIZED": .authorized,
        "PARTIALLY_CAPTURED": .partiallyCaptured,
        "CAPTURED": .captured,
        // The original page has one L, the pages of 2026 and the live API two.
        "CANCELED": .cancelled,
        "CANCELLED": .cancelled,
        "REFUNDED": .other,
        "REFUND_REVERSED": .other,
        "DISPUTED": .other,
        "DEFENDED": .other,
        "DISPUTED_WON": .other,
        "DISPUTED_LOST": .other,
    ]

    private static let assumptions = [
        Assumption(
            key: "partial-cancel-body", choices: ["line-items"],
            meaning:
                "A cancel of less than the whole names Amount, Currency and LineItems of Id and Amount, as a "
                + "capture does; the page's part about it could not be read, and Mangopay's .NET client has "
                + "these fields."),
        Assumption(
            key: "cancel-when-partially-captured", choices: ["refused"],
            meaning:
                "An intent that is captured in part cannot be cancelled any more: the cancel page says so, "
                + "while the table of statuses says that the rest can be."),
        Assumption(
            key: "missing-cancelled-amount", choices: ["zero"],
            meaning:
                "A line item that shows no cancelled amount has none cancelled; the samples of the intent "
                + "object and of the capture page leave the field out, all cancel pages show it."),
        Assumption(
            key: "unknown-key", choices: ["not-found"],
            meaning: "A 404 to the fetch of a stored response means that nothing is stored under the key; "
                + "the page about stored responses does not tell."),
        Assumption(
            key: "conflict", choices: ["key-used"],
            meaning: "Every 409 with Mangopay's own error is about the idempotency key; the pages name no "
                + "other reason for one."),
    ]
}

extension GatewayKind {
    /// Mangopay, in the folder Mangopay.
    static let mangopay = GatewayKind(
        name: MangopayProfile.gateway,
        profile: { _ in MangopayProfile.profile },
        partyKeys: MangopayCredentials.partyKeys,
        client: { setup throws(GatewaySetupError) in
            MangopayClient(
                baseURL: setup.baseURL, credentials: try MangopayCredentials(setup.credentials),
                concurrency: setup.concurrency, timeout: setup.timeout, logger: setup.logger)
        })
}

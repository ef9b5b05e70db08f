package import Instructions

/// UseePay's rules as data. Sources: the original page "Cancel a PaymentIntent" (2024-12-27), UseePay's
/// reference pages, and its PHP client for what the pages leave open.
package enum UseePayProfile {
    /// As an account's `gateway:` names it.
    package static let gateway = "useepay"

    /// The rules under an account's assumptions. A choice that `assumptions` does not list counts as the
    /// default; the configuration refuses it before.
    package static func profile(assume: GatewayProfile.Choices) -> GatewayProfile {
        GatewayProfile(
            gateway: gateway,
            states: states,
            cancelAllowedFrom: [.unauthorized, .authorized],
            captureAllowedFrom: [.authorized],
            partialCancel: .refused,
            partialCapture: assume["partial-capture"] == "final" ? .final : .refused,
            // An assumption: a whole capture sends no amount, so `succeeded` alone is taken for all of it; what
            // `captured_amount` holds then is not documented.
            missingCapturedAmountMeansWhole: true,
            sendsCancellationReason: true,
            // UseePay publishes no limits; this is gentle on purpose.
            defaultLimits: [RateLimit(calls: 5, window: .seconds(1))],
            assumptions: assumptions)
    }

    /// The words of the API itself. Those of the product guides (`requires_action`, `requires_confirmation`,
    /// `processing`) are left out on purpose: what they would mean here is not documented.
    private static let states: [String: IntentState] = [
        "requires_payment_method": .unauthorized,
        "requires_customer_action": .unauthorized,
        "requires_capture": .authorized,
        "succeeded": .captured,
        // The page's response and the guides have one l, UseePay's PHP client and webhooks two.
        "canceled": .cancelled,
        "cancelled": .cancelled,
        "pending": .pending,
        "failed": .failed,
    ]

    private static let assumptions = [
        Assumption(
            key: "amount-unit", choices: ["major"],
            meaning:
                "Amounts are JSON numbers in major units, such as 100.23, as the API reference shows them; "
                + "one product guide speaks of minor units and is not followed."),
        Assumption(
            key: "capture-amount-field", choices: ["amount"],
            meaning: "A capture of less than the whole names it in the field `amount`; "
                + "the capture page could not be read and UseePay's PHP client sends any field it is given."),
        Assumption(
            key: "partial-capture", choices: ["refused", "final"],
            meaning: "Whether an intent may be captured for less than its amount, which no page tells: "
                + "`refused` rejects such rows, `final` sends them once and takes the rest as released."),
    ]
}

extension GatewayKind {
    /// UseePay, in the folder UseePay.
    static let useePay = GatewayKind(
        name: UseePayProfile.gateway,
        profile: { UseePayProfile.profile(assume: $0) },
        partyKeys: UseePayCredentials.partyKeys,
        client: { setup throws(GatewaySetupError) in
            UseePayClient(
                baseURL: setup.baseURL, credentials: try UseePayCredentials(setup.credentials),
                profile: UseePayProfile.profile(assume: setup.assume), concurrency: setup.concurrency,
                timeout: setup.timeout, logger: setup.logger)
        })
}

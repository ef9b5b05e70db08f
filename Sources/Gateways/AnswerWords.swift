/// The wording of answers, shared by the gateways.
enum AnswerWords {
    static let intent = "the payment intent"
    static let storedResponse = "a stored response"
    static let token = "an access token"
    static let noToken = "no access token was fetched yet; nothing was sent"

    static func withoutEnvelope(_ status: Int) -> String {
        "HTTP \(status) without an error of the gateway's own"
    }

    /// - Parameter what: one of the words above.
    static func unreadable(_ what: String, _ status: Int, why: String, gatewayMessage: String?) -> String {
        let said = gatewayMessage.map { "; the gateway says: \($0)" } ?? ""
        return "HTTP \(status), but the body does not show \(what): \(why)\(said)"
    }
}

/// What makes two accounts the same one: never its name in the config (contract, section 1).
public struct AccountIdentity: Hashable, Sendable {
    /// `useepay`, `mangopay`.
    public let gateway: String
    /// The base URL without a trailing slash, in lower case; `sandbox` for an embedded one.
    public let origin: String
    /// Merchant number and app id, or the client id; the intents file of an embedded sandbox.
    public let parties: [String]

    public init(gateway: String, origin: String, parties: [String]) {
        self.gateway = gateway
        self.origin = origin
        self.parties = parties
    }

    /// One line that no other identity shares; spaces inside a part are escaped.
    public var text: String {
        ([gateway, origin] + parties)
            .map { part in
                part.replacing("%", with: "%25").replacing(" ", with: "%20").replacing("\n", with: "%0A")
            }
            .joined(separator: " ")
    }
}

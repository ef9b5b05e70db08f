import FoundationEssentials

/// What Mangopay knows an account by. Printing, interpolating or dumping one does not show the key.
package struct MangopayCredentials: Sendable {
    package let clientID: String
    /// Both in base64, for Basic authentication (RFC 7617).
    let basic: String
    private let apiKey: String

    /// Names in the configuration of what identifies the account.
    static let partyKeys = ["client-id"]

    /// Reads `client-id` and `api-key`.
    ///
    /// - Throws: `credential_missing` or `credential_invalid`, naming the key and never the value.
    package init(_ credentials: GatewayCredentials) throws(GatewaySetupError) {
        clientID = try credentials.value("client-id")
        guard !clientID.contains(":") else { throw .colonIn("client-id") }
        apiKey = try credentials.value("api-key")
        basic = Data("\(clientID):\(apiKey)".utf8).base64EncodedString()
    }

    /// What must never be shown.
    var secrets: [String] { [apiKey, basic] }
}

extension MangopayCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "MangopayCredentials(\(clientID), key hidden)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["clientID": clientID]) }
}

/// Why a gateway cannot be used as it is configured. Never holds the value of a credential.
package struct GatewaySetupError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Stable, in snake case.
    package let code: String
    /// What is wrong and what to do about it.
    package let message: String

    package var description: String { message }
}

/// All wording of this kind, apart from the rules that use it.
extension GatewaySetupError {
    static func baseURL(_ text: String, _ what: String) -> GatewaySetupError {
        GatewaySetupError(
            code: "base_url_invalid",
            message: "base-url \"\(SafeText.forPeople(text))\" \(what); "
                + "write it like https://openapi.useepay.com")
    }

    static func plainHTTP(_ host: String) -> GatewaySetupError {
        GatewaySetupError(
            code: "base_url_needs_https",
            message: "base-url sends credentials to \(host) in the clear; write https:// "
                + "(plain http is taken only for this machine: localhost, 127.0.0.0/8, [::1])")
    }

    static func missingCredential(_ key: String) -> GatewaySetupError {
        GatewaySetupError(
            code: "credential_missing", message: "credentials: \(key) is missing or empty; give it a value")
    }

    static func unusableCredential(_ key: String) -> GatewaySetupError {
        GatewaySetupError(
            code: "credential_invalid",
            message:
                "credentials: \(key) holds a character that cannot stand in a header (a space, a line end, "
                + "a letter that is not ASCII); copy it again")
    }

    static func colonIn(_ key: String) -> GatewaySetupError {
        GatewaySetupError(
            code: "credential_invalid",
            message:
                "credentials: \(key) holds a colon, which ends a name in Basic authentication; copy it again"
        )
    }

    static func unknownGateway(_ name: String) -> GatewaySetupError {
        GatewaySetupError(
            code: "gateway_unknown",
            message: "gateway \"\(SafeText.forPeople(name))\" is not known; "
                + "known are: \(Gateways.names.joined(separator: ", "))")
    }
}

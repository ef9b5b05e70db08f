import FoundationEssentials
import HTTPTypes
import JSON

/// A request for a token: Basic credentials, and `grant_type=client_credentials` as a form, or as JSON under
/// the form's content type, which some SDKs send (fact file, section 15).
struct MangopayTokenRequest {
    private let client: (id: String, key: String)?
    private let grantType: String?

    init(_ request: SandboxRequest) {
        client = Self.basic(request.headers[.authorization] ?? "")
        grantType = Self.grantType(request.body)
    }

    /// Without a readable header the page's 400, with wrong credentials 401 (both statuses were seen in the
    /// wild for `invalid_client`).
    func answer(
        _ credentials: MangopayCredentials?, _ tokens: MangopayTokens, at unixMilliseconds: Int64
    ) -> SandboxAnswer {
        guard let client, !client.id.isEmpty, !client.key.isEmpty else {
            return MangopayRefusals.oauth(
                400, "invalid_client", "Client credentials are missing or unreadable")
        }
        if let credentials, client.id != credentials.clientID || client.key != credentials.apiKey {
            return MangopayRefusals.oauth(401, "invalid_client", "Authentication failed for \(client.id)")
        }
        guard grantType == "client_credentials" else {
            return MangopayRefusals.oauth(
                400, "unsupported_grant_type", "Only client_credentials is supported")
        }
        return .json([
            "access_token": .string(tokens.issue(to: client.id, at: unixMilliseconds)),
            "token_type": "bearer", "expires_in": .minor(Int64(tokens.lifeSeconds)),
        ])
    }

    /// RFC 7617: base64 of id, colon, key.
    private static func basic(_ header: String) -> (id: String, key: String)? {
        let words = header.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "basic",
            let bytes = Data(base64Encoded: String(words[1])),
            let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":")
        else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    private static func grantType(_ body: [UInt8]) -> String? {
        if let object = try? JSONValue(parsing: body) { return object["grant_type"]?.string }
        let pairs = SandboxRequest.pairs(String(decoding: body, as: UTF8.self))
        return pairs.last { $0.name == "grant_type" }?.value
    }
}

extension SandboxRequest {
    /// The pairs of a query or a form, decoded; those that cannot be decoded are passed over.
    static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").compactMap { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(halves[0].utf8),
                let value = percentDecoded((halves.count > 1 ? halves[1] : "").utf8)
            else { return nil }
            return (name, value)
        }
    }
}

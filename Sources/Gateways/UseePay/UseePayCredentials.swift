import NIOHTTP1

/// What UseePay knows an account by. Printing, interpolating or dumping one does not show the key.
package struct UseePayCredentials: Sendable {
    package let merchantNo: String
    package let appID: String
    let apiKey: String
    /// Of every call.
    let headers: HTTPHeaders

    /// Names in the configuration of what identifies the account.
    static let partyKeys = ["merchant-no", "app-id"]

    /// Reads `merchant-no`, `app-id` and `api-key`.
    ///
    /// - Throws: `credential_missing` or `credential_invalid`, naming the key and never the value.
    package init(_ credentials: GatewayCredentials) throws(GatewaySetupError) {
        merchantNo = try credentials.value("merchant-no")
        appID = try credentials.value("app-id")
        apiKey = try credentials.value("api-key")
        headers =
            ["x-merchant-no": merchantNo, "x-api-key": apiKey, "x-app-id": appID] + HTTPHeaders.ofAllCalls
    }
}

extension UseePayCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "UseePayCredentials(\(merchantNo), \(appID), key hidden)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror {
        Mirror(self, children: ["merchantNo": merchantNo, "appID": appID])
    }
}

import JSON

/// Mangopay's error envelope: `{"Message", "Type", "Id", "Date", "Errors" or "errors"}`, of which the last is
/// an object of field and message, or null, and may be left out.
struct MangopayEnvelope {
    /// The gateway's own code, such as `invalid_action`.
    let type: String
    /// The message and what it says of single fields.
    let message: String

    /// nil when the document is anything else: a proxy's or a web server's answer is not the gateway's.
    init?(_ document: JSONValue?) {
        guard let object = document?.object, let type = object["Type"]?.string, !type.isEmpty,
            let message = object["Message"]?.string,
            !object.isRepeated("Type"), !object.isRepeated("Message")
        else { return nil }
        let details = Self.present(object["Errors"]) ?? Self.present(object["errors"])
        guard details == nil || details?.object != nil else { return nil }
        let fields = (details?.object?.members ?? []).compactMap { member in
            member.value.string.map { "\(member.key): \($0)" }
        }
        self.type = type
        let text = message.isEmpty ? type : message
        self.message = fields.isEmpty ? text : "\(text) (\(fields.joined(separator: "; ")))"
    }

    private static func present(_ value: JSONValue?) -> JSONValue? {
        guard let value, !value.isNull else { return nil }
        return value
    }
}

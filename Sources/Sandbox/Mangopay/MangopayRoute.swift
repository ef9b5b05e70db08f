import HTTPTypes

/// The endpoints, found by the path alone. Real clients write the version as `/V3.0/` too, and put a second
/// slash before the key of a stored response (fact file, sections 1 and 15).
enum MangopayRoute: Equatable {
    case token
    case intents(client: String)
    case intent(client: String, id: String)
    case cancel(client: String, id: String)
    case captures(client: String, id: String)
    case providers(client: String)
    case response(client: String, key: String)

    init?(_ request: SandboxRequest) {
        guard let segments = request.segments?.filter({ !$0.isEmpty }), segments.count > 2 else { return nil }
        let client = segments[1]
        let rest = Array(segments.dropFirst(2))
        switch segments[0].lowercased() {
        case "v2.01":
            if client == "oauth", rest == ["token"] {
                self = .token
            } else if rest.count == 2, rest[0] == "responses" {
                self = .response(client: client, key: rest[1])
            } else {
                return nil
            }
        case "v3.0":
            guard rest.count >= 2, rest[0] == "payins", rest[1] == "intents" else { return nil }
            switch (rest.count, rest.last) {
            case (2, _): self = .intents(client: client)
            case (3, "external-providers"): self = .providers(client: client)
            case (3, _): self = .intent(client: client, id: rest[2])
            case (4, "cancel"): self = .cancel(client: client, id: rest[2])
            case (4, "captures"): self = .captures(client: client, id: rest[2])
            default: return nil
            }
        default:
            return nil
        }
    }

    /// The operation by the name that ledger and fault script use; nil when the method is another.
    func operation(_ method: HTTPRequest.Method) -> String? {
        switch (self, method) {
        case (.token, .post): "token"
        case (.intents, .post): "create"
        case (.intents, .get): "list"
        case (.intent, .get): "retrieve"
        case (.cancel, .post): "cancel"
        case (.captures, .post): "capture"
        case (.providers, .get): "external_providers"
        case (.response, .get): "stored_response"
        default: nil
        }
    }

    var intentID: String? {
        switch self {
        case .intent(_, let id), .cancel(_, let id), .captures(_, let id): id
        case .token, .intents, .providers, .response: nil
        }
    }

    /// Empty for the token, whose client is in its credentials.
    var client: String {
        switch self {
        case .token: ""
        case .intents(let client), .intent(let client, _), .cancel(let client, _), .captures(let client, _),
            .providers(let client), .response(let client, _):
            client
        }
    }
}

import JSON

/// One line each, in this order of keys (broken here to fit the page):
/// ```
/// {"seq":1,"at":"2026-11-20T02:00:01.250Z","kind":"request","gateway":"useepay","operation":"cancel",
///  "intent_id":"1012411211459019141","call":1,"fault":null}
/// {"seq":2,"at":"2026-11-20T02:00:01.251Z","kind":"effect","operation":"cancel",
///  "intent_id":"1012411211459019141","call":1,"amount":"100.23","currency":"USD","reason":"Order cancelled"}
/// {"seq":3,"at":"2026-11-20T02:00:01.251Z","kind":"answer","call":1,"status":200}
/// ```
/// The kinds `created` and `updated` are written as `effect` is; where a replay needs it, `"object":{…}` ends
/// the line.
extension LedgerEvent {
    /// The line with its line feed.
    func line(sequence: Int) -> [UInt8] {
        var members: [JSONObject.Member] = [.init(key: "seq", value: .number(String(sequence)))]
        func add(_ key: String, _ value: JSONValue) { members.append(.init(key: key, value: value)) }
        switch self {
        case .request(let request):
            add("at", .string(request.at))
            add("kind", "request")
            add("gateway", .string(request.gateway))
            add("operation", .string(request.operation))
            add("intent_id", .orNull(request.intentID))
            add("call", .number(String(request.call)))
            add("fault", .orNull(request.fault))
        case .effect(let effect):
            add("at", .string(effect.at))
            add("kind", .string(effect.kind.rawValue))
            add("operation", .string(effect.operation))
            add("intent_id", .string(effect.intentID))
            add("call", .number(String(effect.call)))
            add("amount", .orNull(effect.amount))
            add("currency", .orNull(effect.currency))
            add("reason", .orNull(effect.reason))
            if let object = effect.object { add("object", object) }
            members += effect.details.members
        case .answer(let answer):
            add("at", .string(answer.at))
            add("kind", "answer")
            add("call", .number(String(answer.call)))
            add("status", .number(String(answer.status)))
        case .stored(let stored):
            add("at", .string(stored.at))
            add("kind", "stored")
            add("call", .number(String(stored.call)))
            add("client_id", .string(stored.clientID))
            add("key", .string(stored.key))
            add("url", .string(stored.url))
            add("status", .number(String(stored.status)))
            add("body", .string(stored.body))
        }
        return JSONValue.object(JSONObject(members)).bytes() + [UInt8(ascii: "\n")]
    }

    /// Reads one line without its line feed; nil when it is not one that this sandbox wrote.
    init?(line: [UInt8], sequence: Int) {
        guard let value = try? JSONValue(parsing: line), value["seq"]?.int64 == Int64(sequence),
            let at = value["at"]?.string, let call = value["call"]?.int64.flatMap({ Int(exactly: $0) })
        else { return nil }
        let operation = value["operation"]?.string
        let intentID = value["intent_id"]?.string
        let kind = value["kind"]?.string ?? ""
        if let effect = LedgerEffect.Kind(rawValue: kind) {
            guard let operation, let intentID else { return nil }
            self = .effect(
                .init(
                    kind: effect, at: at, operation: operation, intentID: intentID, call: call,
                    amount: value["amount"]?.string, currency: value["currency"]?.string,
                    reason: value["reason"]?.string, details: Self.details(of: value),
                    object: value["object"]))
            return
        }
        switch kind {
        case "request":
            guard let gateway = value["gateway"]?.string, let operation else { return nil }
            self = .request(
                .init(
                    at: at, gateway: gateway, operation: operation, intentID: intentID, call: call,
                    fault: value["fault"]?.string))
        case "answer":
            guard let status = value["status"]?.int64.flatMap({ Int(exactly: $0) }) else { return nil }
            self = .answer(.init(at: at, call: call, status: status))
        case "stored":
            guard let status = value["status"]?.int64.flatMap({ Int(exactly: $0) }),
                let client = value["client_id"]?.string, let key = value["key"]?.string,
                let url = value["url"]?.string, let body = value["body"]?.string
            else { return nil }
            self = .stored(
                .init(at: at, call: call, clientID: client, key: key, url: url, status: status, body: body))
        default:
            return nil
        }
    }

    private static let effectKeys: Set<String> = [
        "seq", "at", "kind", "operation", "intent_id", "call", "amount", "currency", "reason",
        "object",
    ]

    private static func details(of value: JSONValue) -> JSONObject {
        JSONObject((value.object?.members ?? []).filter { !effectKeys.contains($0.key) })
    }
}

import HTTPTypes
import JSON

/// UseePay's payment intents: retrieve, cancel, capture (useepay fact file, sections 2 to 6 and 11).
///
/// Order of the checks, which the pages do not tell: path, credentials, intent, body, state, amount.
struct UseePayRules: GatewayRules {
    static let gateway = "useepay"
    static let operations = ["retrieve", "cancel", "capture"]

    private var intents: [String: UseePayIntent]
    private let credentials: UseePayCredentials?
    private let defaults: UseePayIntent.Defaults

    init(intents: [String: UseePayIntent], credentials: UseePayCredentials?) {
        self.intents = intents
        self.credentials = credentials
        var defaults = UseePayIntent.Defaults()
        if let credentials {
            defaults.merchantNo = credentials.merchantNo
            defaults.appID = credentials.appID
        }
        self.defaults = defaults
    }

    func recognise(_ request: SandboxRequest) -> GatewayCall {
        guard let segments = request.segments, Array(segments.prefix(3)) == ["api", "v1", "payment_intents"]
        else {
            return .unknown
        }
        switch (request.method, segments.count, segments.count > 4 ? segments[4] : "") {
        case (.get, 4, _) where !segments[3].isEmpty:
            return .init(operation: "retrieve", intentID: segments[3])
        case (.post, 5, "cancel"): return .init(operation: "cancel", intentID: segments[3])
        case (.post, 5, "capture"): return .init(operation: "capture", intentID: segments[3])
        default: return .unknown
        }
    }

    func judge(_ call: GatewayCall, _ request: SandboxRequest) -> Judgement {
        guard let id = call.intentID else { return .answer(UseePayRefusals.unknownPath(request.path)) }
        if let refusal = refusedCredentials(request.headers) { return .answer(refusal) }
        guard let intent = intents[id] else { return .answer(UseePayRefusals.unknownIntent(id)) }
        switch call.operation {
        case "cancel": return judgeCancel(intent, request.body)
        case "capture": return judgeCapture(intent, request.body)
        default: return .answer(.json(intent.wire(defaults)))
        }
    }

    mutating func apply(_ effect: LedgerEffect) throws(SandboxError) {
        guard var intent = intents[effect.intentID] else { throw .ledgerOfOtherIntents(effect.intentID) }
        let at = Timestamp.withoutMilliseconds(effect.at)
        if effect.operation == "cancel" {
            intent.cancel(reason: effect.reason, at: at)
        } else {
            // The whole keeps the digits of the intent, so that both amounts read the same.
            let isWhole = effect.amount == nil || effect.amount == intent.amount.text
            intent.capture(isWhole ? intent.amountDigits : effect.amount ?? intent.amountDigits, at: at)
        }
        intents[effect.intentID] = intent
    }

    func answer(after effect: LedgerEffect) -> SandboxAnswer {
        guard let intent = intents[effect.intentID] else {
            preconditionFailure("An effect was applied to an intent that is not there: \(effect.intentID)")
        }
        return .json(intent.wire(defaults))
    }

    /// `x-api-version` and whatever else a client sends is not looked at.
    private func refusedCredentials(_ headers: HTTPFields) -> SandboxAnswer? {
        let wanted: [(name: String, value: String?)] = [
            ("x-merchant-no", credentials?.merchantNo), ("x-api-key", credentials?.apiKey),
            ("x-app-id", credentials?.appID),
        ]
        for (name, value) in wanted {
            // These literals are valid header names.
            let sent = headers[HTTPField.Name(name)!] ?? ""
            if sent.isEmpty { return UseePayRefusals.missingHeader(name) }
            if let value, sent != value { return UseePayRefusals.wrongHeader(name) }
        }
        return nil
    }

    private func judgeCancel(_ intent: UseePayIntent, _ bytes: [UInt8]) -> Judgement {
        let body: JSONObject
        switch Self.fields(bytes) {
        case .success(let fields): body = fields
        case .failure(let refusal): return .answer(refusal.answer)
        }
        let reason = body["cancellation_reason"] ?? .null
        guard reason.isNull || reason.string != nil else {
            return .answer(UseePayRefusals.wrongField("cancellation_reason", "must be a string"))
        }
        guard intent.status.allowsCancel else {
            return .answer(UseePayRefusals.wrongState("cancel", intent.status))
        }
        return .effect(
            .init(amount: intent.amount.text, currency: intent.amount.currency, reason: reason.string))
    }

    /// A capture ends the authorisation: what it leaves is not capturable later. Whether UseePay allows
    /// several captures was not found.
    private func judgeCapture(_ intent: UseePayIntent, _ bytes: [UInt8]) -> Judgement {
        let body: JSONObject
        switch Self.fields(bytes) {
        case .success(let fields): body = fields
        case .failure(let refusal): return .answer(refusal.answer)
        }
        guard intent.status.allowsCapture else {
            return .answer(UseePayRefusals.wrongState("capture", intent.status))
        }
        let currency = intent.amount.currency
        guard let wanted = body["amount"], !wanted.isNull else {
            return .effect(.init(amount: intent.amount.text, currency: currency))
        }
        guard let number = wanted.number else {
            return .answer(UseePayRefusals.wrongField("amount", "must be a number"))
        }
        let amount: UseePayAmount
        do {
            amount = try UseePayAmount(number: number, currency: currency)
        } catch {
            return .answer(UseePayRefusals.wrongField("amount", error.words(currency)))
        }
        guard amount.minorUnits <= intent.amount.minorUnits else {
            return .answer(
                UseePayRefusals.wrongField("amount", "must not exceed the amount of the payment intent"))
        }
        return .effect(.init(amount: amount.text, currency: currency))
    }

    private struct Refusal: Error {
        let answer: SandboxAnswer
    }

    /// UseePay's clients send no body at all, `{}`, or PHP's empty array `[]`; the content type is not looked
    /// at.
    private static func fields(_ bytes: [UInt8]) -> Result<JSONObject, Refusal> {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        if bytes.allSatisfy(blanks.contains) { return .success(JSONObject()) }
        do {
            switch try JSONValue(parsing: bytes) {
            case .object(let object): return .success(object)
            case .array([]): return .success(JSONObject())
            default: return .failure(.init(answer: UseePayRefusals.unreadableBody("not a JSON object")))
            }
        } catch {
            return .failure(.init(answer: UseePayRefusals.unreadableBody(error.message)))
        }
    }
}

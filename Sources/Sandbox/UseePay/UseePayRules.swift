import HTTPTypes
import JSON

/// UseePay's payment intents (useepay fact file, sections 2 to 6 and 11).
///
/// Order of the checks, which the pages do not tell: path, method, credentials, intent, body, state, amount.
struct UseePayRules: GatewayRules {
    static let gateway = "useepay"
    static let operations = ["retrieve", "cancel", "capture", "create", "update", "confirm", "list"]

    private(set) var intents: UseePayIntents
    private let credentials: UseePayCredentials?
    let defaults: UseePayIntent.Defaults

    init(intents: UseePayIntents, credentials: UseePayCredentials?) {
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
        if case .call(let call) = UseePayRoute(request) { call } else { .unknown }
    }

    func judge(_ call: GatewayCall, _ request: SandboxRequest) -> Judgement {
        do {
            return try consider(call, request)
        } catch {
            return .answer(error.answer)
        }
    }

    private func consider(
        _ call: GatewayCall, _ request: SandboxRequest
    ) throws(UseePayRefusal) -> Judgement {
        if call.operation == GatewayCall.unknown.operation {
            guard case .wrongMethod(let allowed) = UseePayRoute(request) else {
                throw .unknownPath(request.path)
            }
            throw .wrongMethod(request.method, allowed: allowed)
        }
        try checkCredentials(request.headers)
        guard let id = call.intentID else {
            return call.operation == "list"
                ? .answer(try list(request)) : .effect(try judgeCreate(request))
        }
        guard let intent = intents[id] else { throw .unknownIntent(id) }
        switch call.operation {
        case "cancel": return .effect(try judgeCancel(intent, request.body))
        case "capture": return .effect(try judgeCapture(intent, request.body))
        case "update": return .effect(try judgeUpdate(intent, request))
        case "confirm": return .effect(try judgeConfirm(intent, request))
        default: return .answer(.json(intent.wire(defaults)))
        }
    }

    func answerToLargeBody() -> SandboxAnswer { UseePayRefusal.largeBody.answer }

    mutating func apply(_ effect: LedgerEffect) throws(SandboxError) {
        if let object = effect.object {
            intents.put(try Self.intent(object, effect.intentID))
            return
        }
        guard var intent = intents[effect.intentID] else { throw .ledgerOfOtherIntents(effect.intentID) }
        let at = Timestamp.withoutMilliseconds(effect.at)
        if effect.operation == "cancel" {
            intent.cancel(reason: effect.reason, at: at)
        } else {
            // The whole keeps the digits of the intent, so that both amounts read the same.
            let isWhole = effect.amount == nil || effect.amount == intent.amount.text
            intent.capture(isWhole ? intent.amountDigits : effect.amount ?? intent.amountDigits, at: at)
        }
        intents.put(intent)
    }

    private static func intent(_ object: JSONValue, _ id: String) throws(SandboxError) -> UseePayIntent {
        guard let given = object.object else { throw .badObject("not a JSON object.") }
        let intent: UseePayIntent
        do {
            intent = try UseePayIntent(given: given)
        } catch {
            throw .badObject(error.what)
        }
        guard intent.id == id else { throw .badObject("its id is \(intent.id).") }
        return intent
    }

    func answer(after effect: LedgerEffect) -> SandboxAnswer {
        guard let intent = intents[effect.intentID] else {
            preconditionFailure("An effect was applied to an intent that is not there: \(effect.intentID)")
        }
        return .json(intent.wire(defaults))
    }

    /// `x-api-version` and whatever else a client sends is not looked at.
    private func checkCredentials(_ headers: HTTPFields) throws(UseePayRefusal) {
        let wanted: [(name: String, value: String?)] = [
            ("x-merchant-no", credentials?.merchantNo), ("x-api-key", credentials?.apiKey),
            ("x-app-id", credentials?.appID),
        ]
        for (name, value) in wanted {
            // These literals are valid header names.
            let sent = headers[HTTPField.Name(name)!] ?? ""
            if sent.isEmpty { throw .missingHeader(name) }
            if let value, sent != value { throw .wrongHeader(name) }
        }
    }

    private func judgeCancel(
        _ intent: UseePayIntent, _ bytes: [UInt8]
    ) throws(UseePayRefusal) -> Judgement.Change {
        let reason = try UseePayFields(bytes)["cancellation_reason"]
        guard reason == nil || reason?.string != nil else {
            throw .wrongField("cancellation_reason", "must be a string")
        }
        guard intent.status.allowsCancel else { throw .wrongState("cancel", intent.status) }
        return .init(amount: intent.amount.text, currency: intent.amount.currency, reason: reason?.string)
    }

    /// A capture ends the authorisation: what it leaves is not capturable later. Whether UseePay allows
    /// several captures was not found.
    private func judgeCapture(
        _ intent: UseePayIntent, _ bytes: [UInt8]
    ) throws(UseePayRefusal) -> Judgement.Change {
        let fields = try UseePayFields(bytes)
        guard intent.status.allowsCapture else { throw .wrongState("capture", intent.status) }
        let amount = try fields.amount(in: intent.amount.currency)?.value ?? intent.amount
        guard amount.minorUnits <= intent.amount.minorUnits else {
            throw .wrongField("amount", "must not exceed the amount of the payment intent")
        }
        return .init(amount: amount.text, currency: intent.amount.currency)
    }
}

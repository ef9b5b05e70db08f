import HTTPTypes
import JSON

/// Mangopay's intents: token, create, view, list, cancel, capture, stored responses (mangopay fact file).
///
/// Order of the checks, which the pages do not tell: limits, path, credentials, method, length, idempotency
/// key, intent, body, state, amounts. What fails before the key is looked at (429, 401, 404 of a path, 405,
/// 411, a key that is none) uses up no key.
struct MangopayRules: GatewayRules {
    static let gateway = "mangopay"
    static let operations = [
        "token", "create", "retrieve", "list", "cancel", "capture", "stored_response", "external_providers",
    ]

    static let specialFaults = [SpecialFault.revokeToken, .forgetKeys]

    private(set) var intents: [String: MangopayIntent]
    /// ExternalProviderReference to intent: a second creation with it adds line items.
    private(set) var references: [String: String]
    private(set) var storedAnswers: MangopayStoredAnswers
    private var tokens: MangopayTokens
    private var windows: MangopayWindows
    private let credentials: MangopayCredentials?

    init(intents: [String: MangopayIntent], options: MangopayOptions) {
        self.intents = intents
        references = [:]
        for intent in intents.values {
            if let reference = intent.providerReference { references[reference] = intent.id }
        }
        storedAnswers = MangopayStoredAnswers(lifeSeconds: options.keyLifetimeSeconds)
        tokens = MangopayTokens(lifeSeconds: options.tokenLifeSeconds)
        windows = MangopayWindows(options.limits)
        credentials = options.credentials
    }

    /// From now on every token that was given out is refused.
    mutating func revokeTokens() {
        tokens.revokeAll()
    }

    /// Forgets every idempotency key with its answer, as if their life were over.
    mutating func forgetKeys() {
        storedAnswers.forgetAll()
    }

    mutating func perform(_ special: SpecialFault) {
        switch special {
        case .revokeToken: revokeTokens()
        case .forgetKeys: forgetKeys()
        }
    }

    func recognise(_ request: SandboxRequest) -> GatewayCall {
        guard let route = MangopayRoute(request), let operation = route.operation(request.method) else {
            return .unknown
        }
        return GatewayCall(operation: operation, intentID: route.intentID)
    }

    mutating func arrived(_ call: GatewayCall, number: Int, at unixMilliseconds: Int64) -> GatewayCall {
        var call = call
        call.number = number
        call.arrivedAt = unixMilliseconds
        call.isThrottled = !windows.admit(at: unixMilliseconds)
        return call
    }

    func judge(_ call: GatewayCall, _ request: SandboxRequest) -> Judgement {
        let judgement = decide(call, request)
        guard case .answer(let answer) = judgement else { return judgement }
        return .answer(dressed(answer, at: call.arrivedAt))
    }

    func stored(
        _ answer: SandboxAnswer, to call: GatewayCall, _ request: SandboxRequest, at: String
    ) -> LedgerStored? {
        guard let key = request.idempotencyKey, call.operation != "token",
            let route = MangopayRoute(request), refusal(call, request, route) == nil
        else { return nil }
        return LedgerStored(
            at: at, call: call.number, clientID: route.client, key: key, url: request.url,
            status: answer.status, body: String(decoding: answer.body, as: UTF8.self))
    }

    /// What is to be kept for the call's key when its client gets another answer than the rules gave: a real
    /// gateway that fails after the effect stores its failure. nil when the call used no key up.
    func storedInstead(
        _ answer: SandboxAnswer, to call: GatewayCall, _ request: SandboxRequest
    ) -> LedgerStored? {
        guard let key = request.idempotencyKey, let client = MangopayRoute(request)?.client,
            var stored = storedAnswers.answer(client: client, key: key, at: call.arrivedAt),
            stored.call == call.number
        else { return nil }
        stored.status = answer.status
        stored.body = String(decoding: answer.body, as: UTF8.self)
        return stored
    }

    mutating func keep(_ stored: LedgerStored) {
        storedAnswers.keep(stored)
    }

    mutating func apply(_ effect: LedgerEffect) throws(SandboxError) {
        let details = effect.details
        if effect.operation == "create" {
            guard let object = details["intent"]?.object,
                let intent = try? MangopayIntent(object: MangopayFields(object)), intent.id == effect.intentID
            else { throw .ledgerOfOtherIntents(effect.intentID) }
            if let reference = intent.providerReference { references[reference] = intent.id }
            intents[intent.id] = intent
        } else {
            guard let parts = Self.parts(details), let id = details["\(effect.operation)_id"]?.string,
                intents[effect.intentID]?.has(parts) == true
            else { throw .ledgerOfOtherIntents(effect.intentID) }
            if effect.operation == "cancel" {
                intents[effect.intentID]?.cancel(parts)
            } else {
                intents[effect.intentID]?.capture(parts, id: id, at: MangopayTime.unixSeconds(effect.at))
            }
        }
        guard let key = details["key"]?.string, let client = details["client_id"]?.string else { return }
        let answer = bareAnswer(after: effect)
        storedAnswers.keep(
            LedgerStored(
                at: effect.at, call: effect.call, clientID: client, key: key,
                url: details["url"]?.string ?? "", status: answer.status,
                body: String(decoding: answer.body, as: UTF8.self)))
    }

    func answer(after effect: LedgerEffect) -> SandboxAnswer {
        dressed(bareAnswer(after: effect), at: MangopayTime.unixMilliseconds(effect.at) ?? 0)
    }

    private func bareAnswer(after effect: LedgerEffect) -> SandboxAnswer {
        guard let intent = intents[effect.intentID] else {
            preconditionFailure("An effect was applied to an intent that is not there: \(effect.intentID)")
        }
        let details = effect.details
        let id = details["\(effect.operation)_id"]?.string ?? ""
        let tag = details["tag"]
        return switch effect.operation {
        case "create": .json(intent.wire(.created))
        // The page answers a cancel with the authorisation's data, not with the cancel's own.
        case "cancel": .json(intent.wire(.acted("Cancel", id: id, externalData: nil, tag: tag)))
        default:
            .json(intent.wire(.acted("Capture", id: id, externalData: details["external_data"], tag: tag)))
        }
    }

    private func dressed(_ answer: SandboxAnswer, at unixMilliseconds: Int64) -> SandboxAnswer {
        var answer = answer
        answer.headers.append(contentsOf: windows.headers(at: unixMilliseconds))
        return answer
    }

    private func decide(_ call: GatewayCall, _ request: SandboxRequest) -> Judgement {
        let route = MangopayRoute(request)
        if let refusal = refusal(call, request, route) { return .answer(refusal) }
        let refusals = MangopayRefusals(call: call)
        do {
            switch route {
            case .token:
                return .answer(
                    MangopayTokenRequest(request).answer(credentials, tokens, at: call.arrivedAt))
            case .intents where call.operation == "list": return .answer(try list(request))
            case .intents: return try creation(call, request)
            case .providers: return .answer(.json(.array(MangopayExternalData.providers.map { .string($0) })))
            case .response(let client, let key):
                let kept = storedAnswers.answer(client: client, key: key, at: call.arrivedAt)
                return .answer(kept.map { .json($0.wire) } ?? refusals.notFound(key))
            case .intent(_, let id), .cancel(_, let id), .captures(_, let id):
                guard let intent = intents[id] else { return .answer(refusals.notFound(id)) }
                if call.operation == "retrieve" { return .answer(.json(intent.wire(.viewed))) }
                return try action(call, request, intent)
            case nil: return .answer(refusals.notFound(request.path))
            }
        } catch {
            return .answer(refusals.mistake(error))
        }
    }

    /// What is wrong with a request before the gateway looks at what it asks for.
    private func refusal(
        _ call: GatewayCall, _ request: SandboxRequest, _ route: MangopayRoute?
    ) -> SandboxAnswer? {
        let refusals = MangopayRefusals(call: call)
        if call.isThrottled { return refusals.tooManyCalls() }
        guard let route else { return refusals.notFound(request.path) }
        if route != .token, !isAuthorised(request, route, at: call.arrivedAt) { return refusals.badToken() }
        guard route.operation(request.method) != nil else {
            return refusals.wrongMethod(request.method.rawValue)
        }
        guard request.method == .post else { return nil }
        if request.headers[.contentLength] == nil { return refusals.lengthRequired() }
        guard route != .token, let key = request.idempotencyKey else { return nil }
        guard Self.isKey(key) else { return refusals.badKey() }
        let used = storedAnswers.answer(client: route.client, key: key, at: call.arrivedAt)
        return used == nil ? nil : refusals.usedKey()
    }

    /// `bearer` and `Bearer`: clients repeat the token type as they got it.
    private func isAuthorised(
        _ request: SandboxRequest, _ route: MangopayRoute, at unixMilliseconds: Int64
    ) -> Bool {
        let words = (request.headers[.authorization] ?? "").split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { return false }
        if let credentials, credentials.clientID != route.client { return false }
        return tokens.accepts(String(words[1]), of: route.client, at: unixMilliseconds)
    }

    private static func isKey(_ key: String) -> Bool {
        16...36 ~= key.utf8.count
            && key.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func parts(_ details: JSONObject) -> [MangopayPart]? {
        details["lines"]?.array?.reduce(into: [MangopayPart]?.some([])) { parts, line in
            guard let id = line["id"]?.string, let amount = line["amount"]?.string.flatMap({ Int64($0) })
            else {
                parts = nil
                return
            }
            parts?.append(MangopayPart(id: id, amount: amount))
        }
    }
}

extension MangopayIntent {
    var providerReference: String? { externalData["ExternalProviderReference"]?.string }

    fileprivate func has(_ parts: [MangopayPart]) -> Bool {
        parts.allSatisfy { part in lines.contains { $0.id == part.id } }
    }
}

extension SandboxRequest {
    /// In the header of that name; nil when there is none, or an empty one.
    var idempotencyKey: String? {
        // This literal is a valid header name.
        headers[HTTPField.Name("Idempotency-Key")!].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// As the client called it.
    var url: String {
        "http://" + (authority ?? "127.0.0.1") + path + (query.isEmpty ? "" : "?" + query)
    }
}

import JSON

extension MangopayRules {
    /// Cancel and capture, whole and in part (fact file, sections 7 and 8).
    func action(
        _ call: GatewayCall, _ request: SandboxRequest, _ intent: MangopayIntent
    ) throws(MangopayMistake) -> Judgement {
        let isCancel = call.operation == "cancel"
        let asked = try MangopayActionBody(request.body, for: isCancel ? .cancel : .capture)
        let refusals = MangopayRefusals(call: call)
        switch intent.status {
        case .authorized: break
        case .partiallyCaptured where !isCancel:
            if asked.isWhole { return .answer(refusals.wholeAfterPart()) }
        default:
            let needed = isCancel ? "AUTHORIZED" : "AUTHORIZED or PARTIALLY_CAPTURED"
            return .answer(refusals.wrongStatus(call.operation, needed: needed))
        }
        let parts = try asked.parts(of: intent)
        var stream = SplitMix64(seed: UInt64(call.number))
        let id = "int_\(call.operation)_" + MangopayID.uuid7(unixMilliseconds: call.arrivedAt, &stream)
        var details = JSONObject([
            "lines": .array(parts.map { ["id": .string($0.id), "amount": .string(String($0.amount))] }),
            "\(call.operation)_id": .string(id),
        ])
        if let data = asked.externalData { details["external_data"] = .object(data) }
        if let tag = asked.tag { details["tag"] = .string(tag) }
        addKey(of: request, to: &details)
        let amount = parts.reduce(0) { $0 + $1.amount }
        return .effect(.init(amount: String(amount), currency: intent.currency, details: details))
    }

    /// The key goes into the effect's own line: whoever dies after writing it has used the key up.
    func addKey(of request: SandboxRequest, to details: inout JSONObject) {
        guard let key = request.idempotencyKey, let client = MangopayRoute(request)?.client else { return }
        details["client_id"] = .string(client)
        details["key"] = .string(key)
        details["url"] = .string(request.url)
    }
}

/// The body of a cancel or a capture: nothing at all (or `{}`, or nothing but nulls) for the whole, external
/// data alone for the whole under references of its own, or an amount with line items.
struct MangopayActionBody {
    let externalData: JSONObject?
    let tag: String?
    private let amount: Int64?
    private let currency: String?
    private let items: [MangopayPart]?

    /// Neither an amount nor line items.
    var isWhole: Bool { amount == nil && items == nil }

    init(_ bytes: [UInt8], for use: MangopayExternalData.Use) throws(MangopayMistake) {
        let fields = try MangopayFields(body: bytes)
        externalData =
            if let data = try fields.object("ExternalData") {
                try MangopayExternalData.checked(data, for: use)
            } else { nil }
        tag = try fields.text("Tag")
        if let tag, tag.count > 255 { throw MangopayMistake("Tag", "must have at most 255 characters") }
        amount = try fields.integer("Amount")
        currency = try fields.currency()
        if let fees = try fields.integer("PlatformFeesAmount"), fees < 0 {
            throw MangopayMistake("PlatformFeesAmount", "must not be negative")
        }
        guard let objects = try fields.objects("LineItems"), !objects.isEmpty else {
            items = nil
            return
        }
        var items: [MangopayPart] = []
        for object in objects {
            guard let id = try object.text("Id") else {
                throw MangopayMistake("LineItems", "need an Id each")
            }
            guard let amount = try object.integer("Amount"), amount > 0 else {
                throw MangopayMistake("LineItems", "need an Amount greater than 0 each")
            }
            guard !items.contains(where: { $0.id == id }) else {
                throw MangopayMistake("LineItems", "have the Id \(id) twice")
            }
            items.append(MangopayPart(id: id, amount: amount))
        }
        self.items = items
    }

    /// What each line loses; the whole is all that remains. Choices, since the pages leave them open: an
    /// amount without line items is refused, and so is a currency other than the intent's.
    func parts(of intent: MangopayIntent) throws(MangopayMistake) -> [MangopayPart] {
        if let currency, currency != intent.currency {
            throw MangopayMistake("Currency", "must be the Intent's, \(intent.currency)")
        }
        guard let items else {
            guard amount == nil else { throw MangopayMistake("LineItems", "are required with an Amount") }
            return intent.remainingParts
        }
        guard let amount else { throw MangopayMistake("Amount", "is required with LineItems") }
        var sum: Int64 = 0
        for item in items {
            guard let line = intent.lines.first(where: { $0.id == item.id }) else {
                throw MangopayMistake("LineItems", "have no Id \(item.id) in this Intent")
            }
            guard item.amount <= line.remaining else {
                throw MangopayMistake("LineItems", "exceed what remains of \(item.id), \(line.remaining)")
            }
            // No overflow: what remains of all lines fits.
            sum += item.amount
        }
        guard sum == amount else {
            throw MangopayMistake("Amount", "must equal the sum of the amounts of the LineItems")
        }
        return items
    }
}

extension MangopayFields {
    /// No body at all, or blanks, is an empty object; so is PHP's empty array.
    init(body: [UInt8]) throws(MangopayMistake) {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        if body.allSatisfy(blanks.contains) {
            self.init()
            return
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body)
        } catch {
            throw MangopayMistake("Body", "is not JSON: \(error.message)")
        }
        switch value {
        case .object(let object): self.init(object)
        case .array([]): self.init()
        default: throw MangopayMistake("Body", "must be a JSON object")
        }
    }
}

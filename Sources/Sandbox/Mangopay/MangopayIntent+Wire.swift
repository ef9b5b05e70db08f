import JSON

extension MangopayIntent {
    /// Which of the three forms of the object is wanted.
    enum Form {
        /// The answer to a creation: line items whole.
        case created
        /// GET: line items whole, and the arrays of what was done.
        case viewed
        /// The answer to an action: line items short, and the action's own id (`"Cancel": {"Id": …}`), with
        /// its own external data and tag where the page shows them.
        case acted(String, id: String, externalData: JSONValue?, tag: JSONValue?)
    }

    func wire(_ form: Form) -> JSONValue {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(20)
        func put(_ key: String, _ value: JSONValue?) {
            if let value { members.append(.init(key: key, value: value)) }
        }
        var externalData = JSONValue.object(externalData)
        var tag = others["Tag"]
        if case .acted(_, _, let own, let ownTag) = form {
            externalData = own ?? externalData
            tag = ownTag
        }
        put("Id", .string(id))
        put("Amount", .minor(amount))
        put("AvailableAmountToSplit", .minor(availableToSplit))
        put("UnfundedAmount", 0)
        put("Currency", .string(currency))
        put("PlatformFeesAmount", .minor(platformFees))
        put("Status", .string(status.rawValue))
        put("NextActions", status.nextActions.map { .string($0) })
        put("ExternalData", externalData)
        if !buyer.isNull { put("Buyer", buyer) }
        if case .acted = form {
            put("LineItems", .array(lines.map(\.shortWire)))
        } else {
            put("LineItems", .array(lines.map(\.wire)))
        }
        put("CreationDate", .minor(createdAt))
        put("ExecutionDate", .minor(executedAt))
        put("Tag", tag)
        put("SettlementId", others["SettlementId"])
        switch form {
        case .created: break
        case .viewed:
            put("Captures", .array(captures.map(\.wire)))
            for key in ["Refunds", "Disputes", "Splits"] { put(key, others[key] ?? []) }
            for member in others.members where !Self.ownKeys.contains(member.key) { members.append(member) }
        case .acted(let action, let id, _, _): put(action, ["Id": .string(id)])
        }
        return .object(JSONObject(members))
    }

    private static let ownKeys: Set<String> = ["Tag", "SettlementId", "Refunds", "Disputes", "Splits"]
}

extension MangopayLine {
    /// As create and GET show it.
    var wire: JSONValue {
        .object(JSONObject([.init(key: "Id", value: .string(id))] + others.members + amounts))
    }

    /// As the actions show it: the id and the amounts.
    var shortWire: JSONValue {
        .object(JSONObject([.init(key: "Id", value: .string(id))] + amounts))
    }

    private var amounts: [JSONObject.Member] {
        [
            .init(key: "TotalLineItemAmount", value: .minor(total)),
            .init(key: "CancelledAmount", value: .minor(cancelled)),
            .init(key: "CapturedAmount", value: .minor(captured)),
            .init(key: "RefundedAmount", value: .minor(refunded)),
            .init(key: "DisputedAmount", value: .minor(disputed)),
            .init(key: "SplitAmount", value: .minor(split)),
            .init(key: "UnfundedSellerAmount", value: 0),
        ]
    }
}

extension MangopayCapture {
    /// The SDKs read the parts by the class of a line item, whose field for them was not found: both likely
    /// ones say the same.
    fileprivate var wire: JSONValue {
        [
            "Id": .string(id), "CreationDate": .minor(at), "ExecutionDate": .minor(at),
            "Amount": .minor(amount), "Status": "CAPTURED",
            "LineItems": .array(
                parts.map {
                    ["Id": .string($0.id), "Amount": .minor($0.amount), "CapturedAmount": .minor($0.amount)]
                }),
        ]
    }
}

extension JSONValue {
    /// An integer: minor units, or Unix seconds.
    static func minor(_ number: Int64) -> JSONValue { .number(String(number)) }
}

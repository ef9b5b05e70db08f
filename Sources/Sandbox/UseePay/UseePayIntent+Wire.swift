import JSON

extension UseePayIntent {
    /// What fields have that neither the file line nor the rules say.
    struct Defaults: Sendable {
        var merchantNo = "500000000007245"
        var appID = "www.pay.com"
        var createdAt = "2026-01-01T00:00:00Z"
    }

    /// The full object in the order of UseePay's cancel page: every field present, what is absent as null.
    func wire(_ defaults: Defaults) -> JSONValue {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(40)
        func put(_ key: String, _ value: JSONValue) { members.append(.init(key: key, value: value)) }
        func give(_ key: String, else value: JSONValue = .null) { put(key, others[key] ?? value) }

        put("id", .string(id))
        for key in ["code", "source", "message"] { put(key, .null) }
        put("amount", .number(amountDigits))
        put("currency", .string(amount.currency))
        put("status", .string(status.rawValue))
        for key in ["customer", "description", "order", "metadata"] { give(key) }
        give("confirm", else: false)
        give("merchant_no", else: .string(defaults.merchantNo))
        give("app_id", else: .string(defaults.appID))
        give("create_at", else: .string(defaults.createdAt))
        put("modify_at", .string(modifyAt))
        give("decline_code")
        give("doc_url")
        give("merchant_order_id", else: .string(Self.defaultOrderPrefix + id))
        give("invoice_id")
        put("captured_amount", capturedAmount.map { .number($0) } ?? .null)
        give("customer_id")
        give("available_payment_method_types", else: ["card", "applepay", "googlepay"])
        give("payment_method_options", else: Self.paymentMethodOptions)
        put("cancellation_reason", .orNull(cancellationReason))
        put("cancelled_at", .orNull(cancelledAt))
        put("next_action", nextAction)
        give("return_url")
        give("client_secret", else: .string(clientSecret))
        give("auto_capture", else: false)
        give("mandate_id")
        for member in others.members where !Self.pageKeys.contains(member.key) { members.append(member) }
        return .object(JSONObject(members))
    }

    /// 32 hexadecimal digits that depend on nothing but the id.
    private var clientSecret: String {
        // FNV-1a, 64 bits.
        let seed = id.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        var stream = SplitMix64(seed: seed)
        return (0..<2).map { _ in
            let digits = String(stream.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private static let paymentMethodOptions: JSONValue = [
        "type": "card",
        "card": ["three_ds_action": nil, "authorization_type": "final_auth", "auto_capture": false],
        "klarna": nil, "wechatpay": nil, "alipay_hk": nil,
    ]

    /// The keys that `wire` writes.
    static let pageKeys: Set<String> = [
        "id", "code", "source", "message", "amount", "currency", "status", "customer", "description", "order",
        "metadata", "confirm", "merchant_no", "app_id", "create_at", "modify_at", "decline_code", "doc_url",
        "merchant_order_id", "invoice_id", "captured_amount", "customer_id", "available_payment_method_types",
        "payment_method_options", "cancellation_reason", "cancelled_at", "next_action", "return_url",
        "client_secret", "auto_capture", "mandate_id",
    ]
}

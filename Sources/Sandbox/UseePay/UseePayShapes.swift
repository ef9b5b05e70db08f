import JSON

/// The nested objects of a PaymentIntent as the cancel page shows them. A file line that gives a part of one
/// gets the rest as null, because UseePay writes absent values as explicit null.
enum UseePayShapes {
    /// The whole shape of a top-level field, when it has one.
    static func completed(_ value: JSONValue, field: String) -> JSONValue {
        switch field {
        case "customer": completed(value, customer)
        case "order": completed(value, order)
        case "payment_method_options": completed(value, paymentMethodOptions)
        default: value
        }
    }

    /// A field of a request as the answer shows it: whole, and with the answer's names (fact file, section
    /// 12, item 8).
    static func asAnswered(_ value: JSONValue, field: String) -> JSONValue {
        let isRenamed = field == "customer" || field == "order"
        return completed(isRenamed ? renamed(value) : value, field: field)
    }

    private static let answeredNames = [
        "unit_price": "price", "phone_number": "phone", "country_code": "country",
    ]

    private static func renamed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let items): .array(items.map(renamed))
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map { member in
                        .init(key: answeredNames[member.key] ?? member.key, value: renamed(member.value))
                    }))
        default: value
        }
    }

    private static func completed(_ value: JSONValue, _ shape: JSONValue) -> JSONValue {
        switch (value, shape) {
        case (.object(let given), .object(let wanted)):
            var members = wanted.members.map { member in
                JSONObject.Member(
                    key: member.key, value: given[member.key].map { completed($0, member.value) } ?? .null)
            }
            members += given.members.filter { wanted[$0.key] == nil }
            return .object(JSONObject(members))
        case (.array(let given), .array(let wanted)):
            return wanted.first.map { shape in .array(given.map { completed($0, shape) }) } ?? value
        default:
            return value
        }
    }

    private static let customer: JSONValue = [
        "id": nil, "address": address, "description": nil, "name": nil, "email": nil, "phone": nil,
        "metadata": nil,
        "shipping": nil, "merchant_no": nil, "app_id": nil, "create_at": nil, "modify_at": nil,
        "first_name": nil,
        "last_name": nil, "merchant_customer_id": nil,
    ]
    private static let order: JSONValue = [
        "category": nil,
        "products": [
            [
                "id": nil, "name": nil, "desc": nil, "quantity": nil, "sku": nil, "type": nil, "url": nil,
                "effective_end_at": nil, "effective_start_at": nil, "price": nil,
            ]
        ],
        "sellers": nil,
        "shipping": [
            "address": address, "name": nil, "phone": nil, "first_name": nil, "last_name": nil,
            "shipping_method": nil,
        ],
    ]
    private static let paymentMethodOptions: JSONValue = [
        "type": nil, "card": ["three_ds_action": nil, "authorization_type": nil, "auto_capture": nil],
        "klarna": nil, "wechatpay": nil, "alipay_hk": nil,
    ]
    private static let address: JSONValue = [
        "country": nil, "city": nil, "postcode": nil, "state": nil, "line1": nil, "line2": nil,
    ]
}

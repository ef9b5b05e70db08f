import Instructions
import JSON

/// Reads UseePay's PaymentIntent object strictly as documented: a field that decides about money and is not
/// what the page shows makes the whole answer unreadable, and every other field is tolerated.
enum UseePayIntent {
    private static let fieldsThatMatter = [
        "id", "code", "amount", "currency", "status", "captured_amount", "cancellation_reason",
        "merchant_order_id",
    ]

    /// - Parameter intentID: the id that was asked for.
    static func read(_ document: JSONValue?, intentID: String) throws(UnreadableBody) -> PaymentIntent {
        guard let document else { throw UnreadableBody(why: "it is not JSON") }
        guard let object = document.object else { throw UnreadableBody(why: "it is no JSON object") }
        if let key = fieldsThatMatter.first(where: object.isRepeated) {
            throw UnreadableBody(why: "\(key) is written twice")
        }
        let code = object["code"] ?? .null
        guard code.isNull else { throw UnreadableBody(why: "it carries the error code \(code.text)") }
        // By bytes: Swift's == takes some different characters for the same text.
        guard let id = object["id"]?.string, id.utf8.elementsEqual(intentID.utf8) else {
            throw UnreadableBody(why: "its id is \(text(object["id"])), not the one asked for")
        }
        guard let status = object["status"]?.string, !status.isEmpty else {
            throw UnreadableBody(why: "its status is \(text(object["status"]))")
        }
        guard let currency = object["currency"]?.string.flatMap(Currency.init(code:)) else {
            throw UnreadableBody(why: "its currency is \(text(object["currency"]))")
        }
        var intent = PaymentIntent(
            id: intentID, status: status, amount: try money(object["amount"], "amount", currency))
        if let captured = object["captured_amount"], !captured.isNull {
            intent.captured = try money(captured, "captured_amount", currency).minorUnits
        }
        if let reason = object["cancellation_reason"], !reason.isNull {
            guard let reason = reason.string else {
                throw UnreadableBody(why: "its cancellation_reason is \(text(reason))")
            }
            intent.cancellationReason = reason
        }
        intent.gatewayReference = object["merchant_order_id"]?.string
        return intent
    }

    /// A number in major units, exact in its currency. An amount in quotes is not as documented.
    private static func money(
        _ value: JSONValue?, _ field: String, _ currency: Currency
    ) throws(UnreadableBody) -> Money {
        guard let digits = value?.number else {
            throw UnreadableBody(why: "its \(field) is \(text(value))")
        }
        let money: Money
        do {
            money = try Money(jsonNumber: digits, currency: currency)
        } catch {
            let reason =
                switch error {
                case .tooManyDecimals: "has more decimals than \(currency.code) has"
                case .overflow: "is too large"
                case .notAnAmount, .currencyMismatch: "is no amount"
                }
            throw UnreadableBody(why: "its \(field) \(digits) \(reason)")
        }
        guard money.minorUnits >= 0 else { throw UnreadableBody(why: "its \(field) \(digits) is negative") }
        return money
    }

    private static func text(_ value: JSONValue?) -> String { value?.text ?? "missing" }
}

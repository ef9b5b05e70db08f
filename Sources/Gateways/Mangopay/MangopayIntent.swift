import Instructions
import JSON

/// Reads Mangopay's Intent strictly as documented: a field that decides about money and is not what the pages
/// show makes the whole answer unreadable, and every other field is tolerated. null counts as absent.
///
/// The answer to an action is shorter than a read: its line items have only their ids and amounts, and it
/// names the action's own `Capture` or `Cancel` in place of the list of captures.
enum MangopayIntent {
    /// - Parameter intentID: the id that was asked for.
    static func read(_ document: JSONValue?, intentID: String) throws(UnreadableBody) -> PaymentIntent {
        guard let document else { throw UnreadableBody(why: "it is not JSON") }
        let object = try MangopayFields(
            document, "the intent",
            of: ["Id", "Status", "Amount", "Currency", "LineItems", "Captures", "Capture"])
        // By bytes: Swift's == takes some different characters for the same text.
        guard let id = object["Id"]?.string, id.utf8.elementsEqual(intentID.utf8) else {
            throw UnreadableBody(why: "its Id is \(object.text("Id")), not the one asked for")
        }
        let status = try object.word("Status")
        guard let currency = object["Currency"]?.string.flatMap(Currency.init(code:)) else {
            throw UnreadableBody(why: "its Currency is \(object.text("Currency"))")
        }
        let amount = try object.minorUnits("Amount")
        var intent = PaymentIntent(
            id: intentID, status: status, amount: Money(minorUnits: amount, currency: currency))
        intent.lines = try lines(object.list("LineItems"), sum: amount)
        // No sum overflows: each is at most the sum of the totals.
        intent.captured = intent.lines.reduce(0) { $0 + $1.captured }
        intent.cancelled = intent.lines.reduce(0) { $0 + $1.cancelled }
        intent.captures = try captures(object, lines: intent.lines)
        intent.gatewayReference = object["ExternalData"]?["ExternalMerchantReference"]?.string
        return intent
    }

    /// The pages: the amount equals the sum of the line items' totals. A list that does not add up is not
    /// whole, and nothing can be told from it.
    private static func lines(
        _ values: [JSONValue], sum: Int64
    ) throws(UnreadableBody) -> [PaymentIntent.LineItem] {
        guard !values.isEmpty else { throw UnreadableBody(why: "it has no LineItems") }
        var lines: [PaymentIntent.LineItem] = []
        var ids: Set<String> = []
        var rest = sum
        for value in values {
            let line = try line(value)
            guard ids.insert(line.id).inserted else {
                throw UnreadableBody(why: "line item \(line.id) is listed twice")
            }
            guard line.total <= rest else {
                throw UnreadableBody(why: "its LineItems sum to more than its Amount")
            }
            rest -= line.total
            lines.append(line)
        }
        guard rest == 0 else { throw UnreadableBody(why: "its LineItems sum to less than its Amount") }
        return lines
    }

    private static func line(_ value: JSONValue) throws(UnreadableBody) -> PaymentIntent.LineItem {
        let fields = try MangopayFields(
            value, "a line item",
            of: ["Id", "TotalLineItemAmount", "CapturedAmount", "CanceledAmount", "CancelledAmount"])
        let total = try fields.minorUnits("TotalLineItemAmount")
        let captured = try fields.minorUnits("CapturedAmount")
        let spellings = ["CanceledAmount", "CancelledAmount"].filter { fields[$0] != nil }
        var cancelled: Int64 = 0
        for (index, spelling) in spellings.enumerated() {
            let amount = try fields.minorUnits(spelling)
            guard index == 0 || amount == cancelled else {
                throw UnreadableBody(why: "a line item's CanceledAmount and CancelledAmount differ")
            }
            cancelled = amount
        }
        guard captured <= total, cancelled <= total - captured else {
            throw UnreadableBody(why: "more of a line item is captured and cancelled than its total")
        }
        return PaymentIntent.LineItem(
            id: try fields.word("Id"), total: total, captured: captured, cancelled: cancelled)
    }

    /// Those that a read lists, or the one that the answer to a capture names. That one has no amounts of its
    /// own, so it gets the lines' captured amounts as they stand: exactly its own when it is the first.
    private static func captures(
        _ object: MangopayFields, lines: [PaymentIntent.LineItem]
    ) throws(UnreadableBody) -> [PaymentIntent.Capture] {
        var captures: [PaymentIntent.Capture] = []
        for value in try object.list("Captures") {
            let fields = try MangopayFields(value, "a capture", of: ["Id", "Amount", "LineItems"])
            var amounts: [LineAmount] = []
            for line in try fields.list("LineItems") {
                let fields = try MangopayFields(
                    line, "a capture's line item", of: ["Id", "Amount", "CapturedAmount"])
                let amount = try fields.minorUnits(fields["Amount"] == nil ? "CapturedAmount" : "Amount")
                if amount > 0 { amounts.append(LineAmount(id: try fields.word("Id"), minorUnits: amount)) }
            }
            let id = try fields.word("Id")
            guard !captures.contains(where: { $0.id == id }) else {
                throw UnreadableBody(why: "capture \(id) is listed twice")
            }
            captures.append(
                PaymentIntent.Capture(
                    id: id, minorUnits: try fields.minorUnits("Amount"), lines: amounts))
        }
        guard let own = object["Capture"] else { return captures }
        let id = try MangopayFields(own, "the own capture", of: ["Id"]).word("Id")
        guard !captures.contains(where: { $0.id == id }) else { return captures }
        let captured = lines.filter { $0.captured > 0 }
        captures.append(
            PaymentIntent.Capture(
                id: id, minorUnits: captured.reduce(0) { $0 + $1.captured },
                lines: captured.map { LineAmount(id: $0.id, minorUnits: $0.captured) }))
        return captures
    }
}

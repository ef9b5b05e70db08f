import JSON

extension MangopayRules {
    /// An intent that is authorised at once; or, when its ExternalProviderReference is known, more line items
    /// for that intent (fact file, section 6). Choice: only while that one is AUTHORIZED.
    func creation(_ call: GatewayCall, _ request: SandboxRequest) throws(MangopayMistake) -> Judgement {
        let fields = try MangopayFields(body: request.body)
        guard let asked = try fields.integer("Amount"), asked > 0 else {
            throw MangopayMistake("Amount", "must be an integer greater than 0")
        }
        guard let currency = try fields.currency() else { throw MangopayMistake("Currency", "is required") }
        guard let data = try fields.object("ExternalData") else {
            throw MangopayMistake("ExternalData", "is required")
        }
        var stream = SplitMix64(seed: UInt64(call.number))
        var object = JSONObject([
            "Id": .string("int_" + MangopayID.uuid7(unixMilliseconds: call.arrivedAt, &stream)),
            "Amount": .minor(asked), "Currency": .string(currency),
            "ExternalData": .object(try MangopayExternalData.checked(data, for: .creation)),
            "LineItems": .array(try lineItems(fields, call, &stream)),
            "CreationDate": .minor(call.arrivedAt / 1000),
        ])
        for key in ["PlatformFeesAmount", "Buyer", "Tag"] { object[key] = fields[key] }
        let new = try MangopayIntent(object: MangopayFields(object))
        var intent = new
        if let known = new.providerReference.flatMap({ references[$0] }).flatMap({ intents[$0] }) {
            intent = known
            guard known.status == .authorized else {
                return .answer(MangopayRefusals(call: call).wrongStatus("create", needed: "AUTHORIZED"))
            }
            guard known.currency == new.currency else {
                throw MangopayMistake("Currency", "must be the Intent's, \(known.currency)")
            }
            guard !known.amount.addingReportingOverflow(new.amount).overflow,
                !known.platformFees.addingReportingOverflow(new.platformFees).overflow
            else {
                throw MangopayMistake("Amount", "is too large")
            }
            intent.lines += new.lines
            intent.platformFees += new.platformFees
        }
        var details = JSONObject(["intent": intent.wire(.viewed)])
        addKey(of: request, to: &details)
        return .effect(
            .init(
                kind: .created, intentID: intent.id, amount: String(new.amount), currency: currency,
                details: details))
    }

    private func lineItems(
        _ fields: MangopayFields, _ call: GatewayCall, _ stream: inout SplitMix64
    ) throws(MangopayMistake) -> [JSONValue] {
        guard let items = try fields.objects("LineItems"), !items.isEmpty else {
            throw MangopayMistake("LineItems", "are required")
        }
        var objects: [JSONValue] = []
        for item in items {
            guard let seller = try item.object("Seller"),
                seller["AuthorId"]?.string != nil || seller["WalletId"]?.string != nil
            else { throw MangopayMistake("LineItems.Seller", "needs an AuthorId or a WalletId") }
            let id = "int_li_" + MangopayID.uuid7(unixMilliseconds: call.arrivedAt, &stream)
            // What only the gateway can know is not taken from a client.
            let own = item.object.members.filter { !Self.gatewaysOwn.contains($0.key) }
            objects.append(.object(JSONObject([.init(key: "Id", value: .string(id))] + own)))
        }
        return objects
    }

    private static let gatewaysOwn: Set<String> = [
        "Id", "CancelledAmount", "CanceledAmount", "CapturedAmount", "RefundedAmount", "DisputedAmount",
        "SplitAmount", "UnfundedSellerAmount",
    ]
}

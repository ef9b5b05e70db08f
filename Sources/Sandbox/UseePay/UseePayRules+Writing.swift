import JSON

/// Create, update and confirm: what the ledger keeps of them is the intent as it is afterwards.
extension UseePayRules {
    /// The fields of a create that an update may change too. What else a client sends (card data, device
    /// data) is neither looked at nor kept.
    private static let textFields = ["customer_id", "description", "return_url", "payment_method_id"]
    private static let objectFields = ["customer", "metadata", "order", "payment_method_options"]

    func judgeCreate(_ request: SandboxRequest) throws(UseePayRefusal) -> Judgement.Change {
        let fields = try UseePayFields(request.body)
        for key in ["amount", "currency", "merchant_order_id"] { try fields.required(key) }
        let at = Timestamp.withoutMilliseconds(Timestamp.text(request.servedAt))
        let id = intents.nextID
        var object = JSONObject([
            "id": .string(id), "status": .string(UseePayStatus.requiresPaymentMethod.rawValue),
            "captured_amount": nil, "create_at": .string(at), "modify_at": .string(at),
        ])
        try take(fields, into: &object, of: nil)
        if let confirm = try fields.flag("confirm") {
            object["confirm"] = .bool(confirm)
            if confirm { try UseePayConfirmation.confirm(&object) }
        }
        return try change(.created, object)
    }

    func judgeUpdate(
        _ intent: UseePayIntent, _ request: SandboxRequest
    ) throws(UseePayRefusal) -> Judgement.Change {
        let fields = try UseePayFields(request.body)
        guard intent.status.allowsUpdate else { throw .wrongState("update", intent.status) }
        var object = current(intent, request)
        try take(fields, into: &object, of: intent)
        return try change(.updated, object)
    }

    func judgeConfirm(
        _ intent: UseePayIntent, _ request: SandboxRequest
    ) throws(UseePayRefusal) -> Judgement.Change {
        let fields = try UseePayFields(request.body)
        guard intent.status.allowsConfirm else { throw .wrongState("confirm", intent.status) }
        var object = current(intent, request)
        try takeCommon(fields, into: &object)
        try UseePayConfirmation.confirm(&object)
        return try change(.effect, object)
    }

    private func current(_ intent: UseePayIntent, _ request: SandboxRequest) -> JSONObject {
        var object = intent.wire(defaults).object ?? JSONObject()
        let at = Timestamp.withoutMilliseconds(Timestamp.text(request.servedAt))
        object["modify_at"] = .string(at)
        return object
    }

    private func take(
        _ fields: UseePayFields, into object: inout JSONObject, of intent: UseePayIntent?
    ) throws(UseePayRefusal) {
        if let orderID = try fields.text("merchant_order_id", most: 64) {
            if let owner = intents.intentID(ofOrder: orderID), owner != intent?.id {
                throw .orderExists(orderID)
            }
            object["merchant_order_id"] = .string(orderID)
        }
        let currency = try fields.currency() ?? intent?.amount.currency ?? ""
        object["currency"] = .string(currency)
        if let amount = try fields.amount(in: currency) {
            object["amount"] = .number(amount.digits)
        } else if let old = intent, old.amount.currency != currency {
            // 100.23 cannot become yen by its currency alone.
            do {
                _ = try UseePayAmount(number: old.amountDigits, currency: currency)
            } catch {
                throw .wrongField("currency", "does not fit: amount \(error.words(currency))")
            }
        }
        try takeCommon(fields, into: &object)
    }

    private func takeCommon(
        _ fields: UseePayFields, into object: inout JSONObject
    ) throws(UseePayRefusal) {
        for key in Self.textFields {
            if let text = try fields.text(key) { object[key] = .string(text) }
        }
        for key in Self.objectFields {
            if let given = try fields.object(key) {
                object[key] = UseePayShapes.asAnswered(.object(given), field: key)
            }
        }
        let nested = fields["payment_method_options"]?["card"]?["auto_capture"]?.bool
        if let flag = try fields.flag("auto_capture") ?? nested { object["auto_capture"] = .bool(flag) }
    }

    /// - Parameter object: what is known of the intent; the rest is what an intents file may leave out.
    private func change(
        _ kind: LedgerEffect.Kind, _ object: JSONObject
    ) throws(UseePayRefusal) -> Judgement.Change {
        let intent: UseePayIntent
        do {
            intent = try UseePayIntent(given: object)
        } catch {
            preconditionFailure("The rules made an intent that is none: \(error.what)")
        }
        let wire = intent.wire(defaults)
        guard wire.bytes().count <= SandboxRequest.maximumBodyBytes else { throw .largeIntent }
        return .init(
            kind: kind, intentID: intent.id, amount: intent.amount.text, currency: intent.amount.currency,
            object: wire)
    }
}

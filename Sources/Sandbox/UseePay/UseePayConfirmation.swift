import JSON

/// What a confirm leads to. Which cards decline or ask for 3-D Secure was not found, so the request says it,
/// by documented fields where there are any:
///
/// - `payment_method_options.card.three_ds_action` `force_3ds`: `requires_customer_action`; a second confirm
///   stands for the customer who comes back;
/// - `auto_capture` true: `succeeded`, all of it captured; false or absent: `requires_capture`;
/// - `metadata.sandbox_confirm` `failed` or `pending`, this sandbox's own word: that status, whatever the
///   rest.
///
/// `auto_capture` is the one on top of the intent, into which a request's one in
/// `payment_method_options.card` goes where the request has none on top (their order of precedence
/// was not found).
enum UseePayConfirmation {
    /// - Parameter object: the intent with the request's fields in it; its status must allow a confirm.
    static func confirm(_ object: inout JSONObject) throws(UseePayRefusal) {
        object["next_action"] = .null
        let wish = object["metadata"]?["sandbox_confirm"] ?? .null
        switch wish {
        case "failed":
            object["status"] = .string(UseePayStatus.failed.rawValue)
            object["decline_code"] = "insufficient_funds"
            object["last_payment_error"] = [
                "code": "card_declined", "decline_code": "insufficient_funds",
                "message": "The card has insufficient funds",
            ]
        case "pending":
            object["status"] = .string(UseePayStatus.pending.rawValue)
        case .null:
            settle(&object)
        default:
            throw .wrongField("metadata.sandbox_confirm", "must be failed or pending")
        }
    }

    private static func settle(_ object: inout JSONObject) {
        let card = object["payment_method_options"]?["card"]
        let wasAsked = object["status"]?.string == UseePayStatus.requiresCustomerAction.rawValue
        if card?["three_ds_action"] == "force_3ds", !wasAsked {
            object["status"] = .string(UseePayStatus.requiresCustomerAction.rawValue)
            let id = object["id"]?.string ?? ""
            object["next_action"] = [
                "redirect": [
                    "url": .string("https://sandbox.invalid/3ds/\(id)"), "method": "GET", "data": nil,
                ]
            ]
        } else if object["auto_capture"] == true {
            object["status"] = .string(UseePayStatus.succeeded.rawValue)
            object["captured_amount"] = object["amount"]
        } else {
            object["status"] = .string(UseePayStatus.requiresCapture.rawValue)
        }
    }
}

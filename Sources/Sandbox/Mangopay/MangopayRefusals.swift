import JSON

/// Mangopay's error envelope (fact file, section 11) and every refusal of this double.
///
/// Details come under `Errors` as well as `errors`, because real clients read either. Where the pages name no
/// Type or message the choice is said at the function.
struct MangopayRefusals {
    /// Makes the `Id` of the envelope: the same request gives the same one.
    let call: GatewayCall

    /// Section 2: a bare body without Id and details.
    func badToken() -> SandboxAnswer {
        .json(
            [
                "Message": "The access token is missing, expired or not valid", "Type": "invalid_credentials",
                "Date": date,
            ], status: 401)
    }

    /// The other envelope, of the token endpoint.
    static func oauth(_ status: Int, _ error: String, _ description: String) -> SandboxAnswer {
        .json(["error": .string(error), "error_description": .string(description)], status: status)
    }

    /// The message is the cancel page's; for captures the page has none, so it is worded alike.
    func wrongStatus(_ operation: String, needed: String) -> SandboxAnswer {
        let done = ["cancel": "cancelled", "capture": "captured"][operation] ?? "extended"
        return envelope(
            400, "invalid_action", "Action on the Intent resource is not permitted",
            ["Status": .string("Intent cannot be \(done) because it is not in \(needed) status.")])
    }

    /// Choice: the same Type as another action that the state forbids.
    func wholeAfterPart() -> SandboxAnswer {
        envelope(
            400, "invalid_action", "Action on the Intent resource is not permitted",
            ["Status": "A full capture is not possible after a partial capture."])
    }

    /// Choice: `param_error` for whatever is wrong with a body.
    func mistake(_ mistake: MangopayMistake) -> SandboxAnswer {
        envelope(
            400, "param_error", "One or several required parameters are missing or incorrect",
            .object(
                JSONObject([.init(key: mistake.field, value: .string(mistake.field + " " + mistake.what))])))
    }

    func badKey() -> SandboxAnswer {
        mistake(
            MangopayMistake("Idempotency-Key", "must be 16 to 36 letters, digits or dashes"))
    }

    func usedKey() -> SandboxAnswer {
        envelope(409, "idempotent_creation_conflict", "The idempotency key has already been used", .null)
    }

    func tooManyCalls() -> SandboxAnswer {
        envelope(429, "rate_limit", "Too many requests", .null)
    }

    func notFound(_ what: String) -> SandboxAnswer {
        envelope(
            404, "ressource_not_found", "The ressource does not exist",
            ["RessourceNotFound": .string("Cannot found the ressource \(what)")])
    }

    func wrongMethod(_ method: String) -> SandboxAnswer {
        envelope(
            405, "method_not_allowed", "The method is not allowed",
            ["Method": .string("\(method) is not allowed")])
    }

    func lengthRequired() -> SandboxAnswer {
        envelope(
            411, "length_required", "The length of the body is required",
            ["Content-Length": "A POST needs a Content-Length, also without a body"])
    }

    private var date: JSONValue { .minor(call.arrivedAt / 1000) }

    private func envelope(
        _ status: Int, _ type: String, _ message: String, _ details: JSONValue
    ) -> SandboxAnswer {
        var stream = SplitMix64(seed: UInt64(call.number))
        let id = MangopayID.uuid7(unixMilliseconds: call.arrivedAt, &stream)
        return .json(
            [
                "Message": .string(message), "Id": .string(id), "Date": date, "Type": .string(type),
                "Errors": details, "errors": details,
            ], status: status)
    }
}

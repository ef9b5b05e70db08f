import JSON

/// UseePay's error envelope `{code, message, source}` (fact file, section 6) and every refusal of this
/// double.
///
/// The pages name the codes `already_exists`, `field_required`, `invalid_argument`, `service_unavailable`,
/// `invalid_request_error` and `resource_not_found`, and the statuses 400, 401, 404 and 500; which code goes
/// with credentials and with a wrong state was not found. The choices here: 401 `unauthorized`; 400
/// `invalid_argument`, with source `status` when the state forbids the action.
enum UseePayRefusals {
    static func missingHeader(_ name: String) -> SandboxAnswer {
        envelope(401, "unauthorized", "\(name) required", source: name)
    }

    static func wrongHeader(_ name: String) -> SandboxAnswer {
        envelope(401, "unauthorized", "\(name) is not valid", source: name)
    }

    static func unknownPath(_ path: String) -> SandboxAnswer {
        envelope(404, "resource_not_found", "No such endpoint: \(path)", source: nil)
    }

    static func unknownIntent(_ id: String) -> SandboxAnswer {
        envelope(404, "resource_not_found", "No such payment intent: \(id)", source: "id")
    }

    static func unreadableBody(_ what: String) -> SandboxAnswer {
        envelope(400, "invalid_argument", "The request body is not valid: \(what)", source: nil)
    }

    static func wrongField(_ name: String, _ what: String) -> SandboxAnswer {
        envelope(400, "invalid_argument", "\(name) \(what)", source: name)
    }

    static func wrongState(_ operation: String, _ status: UseePayStatus) -> SandboxAnswer {
        envelope(
            400, "invalid_argument",
            "A payment intent with status \(status.rawValue) does not allow \(operation)",
            source: "status")
    }

    private static func envelope(_ status: Int, _ code: String, _ message: String, source: String?)
        -> SandboxAnswer
    {
        .json(
            [
                "code": .string(code), "message": .string(message),
                "source": source.map { .string($0) } ?? .null,
            ],
            status: status)
    }
}

import HTTPTypes
import JSON

/// UseePay's error envelope `{code, message, source}` (fact file, section 6) and every refusal of this
/// double.
///
/// The pages name the codes `already_exists`, `field_required`, `invalid_argument`, `service_unavailable`,
/// `invalid_request_error` and `resource_not_found`, and the statuses 400, 401, 404 and 500; which code goes
/// with credentials, with a wrong state, with a wrong method and with a large body was not found. The choices
/// here: 401 `unauthorized`; 400 `invalid_argument`, with source `status` when the state forbids the action;
/// 405 and 413 `invalid_request_error`.
struct UseePayRefusal: Error {
    let answer: SandboxAnswer

    static func missingHeader(_ name: String) -> Self {
        .init(401, "unauthorized", "\(name) required", source: name)
    }

    static func wrongHeader(_ name: String) -> Self {
        .init(401, "unauthorized", "\(name) is not valid", source: name)
    }

    static func unknownPath(_ path: String) -> Self {
        .init(404, "resource_not_found", "No such endpoint: \(path)", source: nil)
    }

    static func wrongMethod(_ method: HTTPRequest.Method, allowed: String) -> Self {
        .init(
            405, "invalid_request_error", "\(method.rawValue) is not allowed here, but \(allowed)",
            source: nil, headers: [.allow: allowed])
    }

    static let largeBody = Self(
        413, "invalid_request_error",
        "The request body has more than \(SandboxRequest.maximumBodyBytes) bytes", source: nil)

    static let largeIntent = Self(
        400, "invalid_argument",
        "The payment intent would have more than \(SandboxRequest.maximumBodyBytes) bytes", source: nil)

    static func unknownIntent(_ id: String) -> Self {
        .init(404, "resource_not_found", "No such payment intent: \(id)", source: "id")
    }

    static func unreadableBody(_ what: String) -> Self {
        .init(400, "invalid_argument", "The request body is not valid: \(what)", source: nil)
    }

    static func missingField(_ name: String) -> Self {
        .init(400, "field_required", "\(name) required", source: name)
    }

    static func wrongField(_ name: String, _ what: String) -> Self {
        .init(400, "invalid_argument", "\(name) \(what)", source: name)
    }

    static func orderExists(_ orderID: String) -> Self {
        .init(
            400, "already_exists", "There is a payment intent with merchant_order_id \(orderID)",
            source: "merchant_order_id")
    }

    static func wrongState(_ operation: String, _ status: UseePayStatus) -> Self {
        .init(
            400, "invalid_argument",
            "A payment intent with status \(status.rawValue) does not allow \(operation)",
            source: "status")
    }

    private init(
        _ status: Int, _ code: String, _ message: String, source: String?, headers: HTTPFields = [:]
    ) {
        var answer = SandboxAnswer.json(
            [
                "code": .string(code), "message": .string(message),
                "source": .orNull(source),
            ],
            status: status)
        answer.headers.append(contentsOf: headers)
        self.answer = answer
    }
}

import Instructions
import JSON
import Runs

/// The calls as UseePay takes them.
enum UseePayRequests {
    /// The request of a call; the same call gives the same bytes.
    ///
    /// A change that the profile forbids is a mistake of the program and traps: it must not become another
    /// change.
    static func request(for call: GatewayCall, profile: GatewayProfile) -> GatewayRequest {
        switch call {
        case .read(let intentID):
            return GatewayRequest(call: call, method: "GET", path: path(intentID), body: [])
        case .storedResponse, .token:
            preconditionFailure("UseePay has neither keys nor tokens")
        case .change(let change):
            precondition(change.lines.isEmpty, "UseePay has no line items")
            let body =
                switch change.action {
                case .cancel: cancelBody(change)
                case .capture: captureBody(change, profile: profile)
                }
            return GatewayRequest(
                call: call, method: "POST", path: "\(path(change.intentID))/\(change.action.rawValue)",
                body: JSONValue.object(body).bytes())
        }
    }

    private static func path(_ intentID: String) -> String {
        "/api/v1/payment_intents/" + PathSegment.encoded(intentID)
    }

    private static func cancelBody(_ change: Change) -> JSONObject {
        precondition(change.amount == nil, "UseePay cancels whole intents only")
        guard let reason = change.reason else { return JSONObject() }
        return JSONObject(["cancellation_reason": .string(reason)])
    }

    private static func captureBody(_ change: Change, profile: GatewayProfile) -> JSONObject {
        guard let amount = change.amount else { return JSONObject() }
        precondition(profile.partialCapture == .final, "the account's assumptions refuse partial captures")
        precondition(amount.minorUnits > 0, "a capture takes a positive amount")
        return JSONObject(["amount": .number(amount.majorText)])
    }
}

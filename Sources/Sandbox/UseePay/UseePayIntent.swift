import JSON

/// The statuses of a PaymentIntent (useepay fact file, section 5).
enum UseePayStatus: String, CaseIterable, Sendable {
    /// Created, without a way to pay yet. May be cancelled.
    case requiresPaymentMethod = "requires_payment_method"
    /// Waits for 3-D Secure or a redirect. May be cancelled.
    case requiresCustomerAction = "requires_customer_action"
    /// Authorised; the merchant captures or cancels.
    case requiresCapture = "requires_capture"
    /// The final result is awaited; neither action is allowed.
    case pending
    /// Paid. Final here.
    case succeeded
    /// Final. Written as the REST samples write it; SDK and webhooks say `cancelled`.
    case canceled
    /// Final.
    case failed

    /// Takes both spellings of cancelled.
    init?(wire: String) {
        self.init(rawValue: wire == "cancelled" ? "canceled" : wire)
    }

    var allowsCancel: Bool {
        switch self {
        case .requiresPaymentMethod, .requiresCustomerAction, .requiresCapture: true
        case .pending, .succeeded, .canceled, .failed: false
        }
    }

    var allowsCapture: Bool { self == .requiresCapture }

    /// The second confirm is the end of the customer's action.
    var allowsConfirm: Bool { self == .requiresPaymentMethod || self == .requiresCustomerAction }

    /// Until money is held. Which statuses UseePay allows was not found.
    var allowsUpdate: Bool { allowsConfirm }
}

/// A PaymentIntent: what the rules work on, beside all else that its file line gave.
struct UseePayIntent: Equatable, Sendable {
    let id: String
    let amount: UseePayAmount
    /// The digits as the file wrote them: `100`, `100.0` and `100.00` stay what they are.
    let amountDigits: String
    var status: UseePayStatus
    /// A JSON number's digits.
    var capturedAmount: String?
    var cancellationReason: String?
    var cancelledAt: String?
    var modifyAt: String
    var nextAction: JSONValue
    /// The members of the file line that are not kept above.
    let others: JSONObject

    /// The merchant's order id as it was given; the wire shows `order-ID` for an intent without one.
    var givenOrderID: String? { others["merchant_order_id"]?.string }

    static let defaultOrderPrefix = "order-"

    /// Whole cancel. The captured amount stays null, as in the page's sample.
    mutating func cancel(reason: String?, at: String) {
        status = .canceled
        cancellationReason = reason
        cancelledAt = at
        modifyAt = at
        nextAction = .null
    }

    /// Ends the authorisation with what was captured.
    mutating func capture(_ captured: String, at: String) {
        status = .succeeded
        capturedAmount = captured
        modifyAt = at
    }
}

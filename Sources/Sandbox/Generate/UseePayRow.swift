/// What a row of a rehearsal is made to be. The number is its share of 1000 rows.
enum UseePayRowKind: Int, CaseIterable, Sendable {
    case cancelOfAuthorised = 250
    case cancelWithoutMethod = 120
    case cancelInAuthentication = 110
    case captureByAmount = 190
    case captureOfAll = 130
    /// Already what the row wants: `already_applied`.
    case cancelOfCancelled = 36
    case captureOfCaptured = 34
    case captureOfAllCaptured = 16
    /// The state forbids it: `state_not_allowed`.
    case cancelOfSucceeded = 19
    case cancelOfFailed = 8
    case captureOfCancelled = 15
    case captureOfFailed = 7
    case captureTooEarly = 6
    /// The intent is not there: `intent_not_found`.
    case cancelOfUnknown = 14
    case captureOfUnknown = 9
    /// More, less or other than the intent has.
    case captureOfMore = 13
    case captureOfPart = 12
    case captureInOtherCurrency = 11

    static func drawn(from stream: inout SplitMix64) -> UseePayRowKind {
        var rest = Int(stream.number(below: 1000))
        for kind in allCases {
            rest -= kind.rawValue
            if rest < 0 { return kind }
        }
        preconditionFailure("The shares do not add up to 1000.")
    }

    var action: String {
        switch self {
        case .cancelOfAuthorised, .cancelWithoutMethod, .cancelInAuthentication, .cancelOfCancelled,
            .cancelOfSucceeded, .cancelOfFailed, .cancelOfUnknown:
            "cancel"
        case .captureByAmount, .captureOfAll, .captureOfCaptured, .captureOfAllCaptured, .captureOfCancelled,
            .captureOfFailed, .captureTooEarly, .captureOfUnknown, .captureOfMore, .captureOfPart,
            .captureInOtherCurrency:
            "capture"
        }
    }

    /// The intent's status before the row; nil: no such intent.
    var status: String? {
        switch self {
        case .cancelOfAuthorised, .captureByAmount, .captureOfAll, .captureOfMore, .captureOfPart,
            .captureInOtherCurrency:
            "requires_capture"
        case .cancelWithoutMethod: "requires_payment_method"
        case .cancelInAuthentication, .captureTooEarly: "requires_customer_action"
        case .cancelOfCancelled: "cancelled"
        case .captureOfCancelled: "canceled"
        case .cancelOfSucceeded, .captureOfCaptured, .captureOfAllCaptured: "succeeded"
        case .cancelOfFailed, .captureOfFailed: "failed"
        case .cancelOfUnknown, .captureOfUnknown: nil
        }
    }

    /// Outcome and, for rejected rows, code.
    var expectation: (outcome: String, code: String) {
        switch self {
        case .cancelOfAuthorised, .cancelWithoutMethod, .cancelInAuthentication, .captureByAmount,
            .captureOfAll:
            ("applied", "")
        case .cancelOfCancelled, .captureOfCaptured, .captureOfAllCaptured: ("already_applied", "")
        case .cancelOfSucceeded, .cancelOfFailed, .captureOfCancelled, .captureOfFailed, .captureTooEarly:
            ("rejected", "state_not_allowed")
        case .cancelOfUnknown, .captureOfUnknown: ("rejected", "intent_not_found")
        case .captureOfMore: ("rejected", "amount_exceeds_remaining")
        case .captureOfPart: ("rejected", "partial_capture_unverified")
        case .captureInOtherCurrency: ("rejected", "currency_mismatch")
        }
    }
}

/// One row in all three files.
struct UseePayRow: Sendable {
    var intentID: String
    var action: String
    var outcome: String
    var code: String
    /// Its line of the intents file; nil when the intent is not there.
    var intentLine: String?
    var instructionLine: String
}

import JSON

/// The statuses of an intent (mangopay fact file, section 10).
enum MangopayStatus: String, CaseIterable, Sendable {
    /// Authorised by the provider: to be captured or cancelled.
    case authorized = "AUTHORIZED"
    /// Part captured; the rest is open for capture by line items, and no longer for cancelling.
    case partiallyCaptured = "PARTIALLY_CAPTURED"
    /// Nothing is open any more, and something was captured.
    case captured = "CAPTURED"
    /// The whole amount was cancelled. Final.
    case cancelled = "CANCELLED"
    /// Life after the capture: neither action is allowed. These are not played, only shown.
    case refunded = "REFUNDED"
    case refundReversed = "REFUND_REVERSED"
    case disputed = "DISPUTED"
    case defended = "DEFENDED"
    case disputedWon = "DISPUTED_WON"
    case disputedLost = "DISPUTED_LOST"

    /// Takes the seed page's spelling too.
    init?(wire: String) {
        self.init(rawValue: wire == "CANCELED" ? "CANCELLED" : wire)
    }

    /// What may follow, in the words of the create and capture samples; nil where the samples have none.
    var nextActions: String? {
        switch self {
        case .authorized: "CAPTURED, PARTIALLY_CAPTURED, CANCELED"
        case .partiallyCaptured: "PARTIALLY_CAPTURED, REFUNDED, DISPUTED"
        case .captured: "REFUNDED, DISPUTED"
        default: nil
        }
    }
}

/// A part of a line item's amount, in minor units.
struct MangopayPart: Equatable, Sendable {
    var id: String
    var amount: Int64
}

/// One item of the basket. All amounts are minor units.
struct MangopayLine: Equatable, Sendable {
    let id: String
    let total: Int64
    var cancelled: Int64 = 0
    var captured: Int64 = 0
    var refunded: Int64 = 0
    var disputed: Int64 = 0
    var split: Int64 = 0
    /// Seller, Sku, Quantity, UnitAmount and whatever else was given, in the page's order.
    var others: JSONObject

    /// Neither captured nor cancelled.
    var remaining: Int64 { total - captured - cancelled }
}

/// One capture, as GET lists it.
struct MangopayCapture: Equatable, Sendable {
    let id: String
    let parts: [MangopayPart]
    /// Unix seconds.
    let at: Int64

    var amount: Int64 { parts.reduce(0) { $0 + $1.amount } }
}

/// An intent: what the rules work on, beside all else that its file line or its creation gave.
struct MangopayIntent: Equatable, Sendable {
    let id: String
    let currency: String
    var status: MangopayStatus
    var platformFees: Int64
    /// Of the authorisation; the actions' own are not kept here.
    var externalData: JSONObject
    var buyer: JSONValue
    var lines: [MangopayLine]
    var captures: [MangopayCapture]
    /// Unix seconds, as is the other.
    let createdAt: Int64
    /// When it became AUTHORIZED.
    let executedAt: Int64
    /// Tag, SettlementId, Refunds, Disputes, Splits and members that are not known here.
    var others: JSONObject

    /// The sum of the lines' totals, always.
    var amount: Int64 { lines.reduce(0) { $0 + $1.total } }
    var remaining: Int64 { lines.reduce(0) { $0 + $1.remaining } }
    /// Nothing while authorised or cancelled, then what was captured (samples of create, capture and cancel).
    var availableToSplit: Int64 { lines.reduce(0) { $0 + $1.captured - $1.split - $1.refunded } }

    /// What every line still has, without the lines that have nothing.
    var remainingParts: [MangopayPart] {
        lines.filter { $0.remaining > 0 }.map { MangopayPart(id: $0.id, amount: $0.remaining) }
    }

    /// A partial cancel leaves the intent authorised: CANCELLED means that all of the amount is cancelled.
    mutating func cancel(_ parts: [MangopayPart]) {
        add(parts, to: \.cancelled)
        if lines.allSatisfy({ $0.cancelled == $0.total }) { status = .cancelled }
    }

    mutating func capture(_ parts: [MangopayPart], id: String, at: Int64) {
        add(parts, to: \.captured)
        captures.append(MangopayCapture(id: id, parts: parts, at: at))
        status = remaining == 0 ? .captured : .partiallyCaptured
    }

    private mutating func add(_ parts: [MangopayPart], to amount: WritableKeyPath<MangopayLine, Int64>) {
        for part in parts {
            guard let place = lines.firstIndex(where: { $0.id == part.id }) else { continue }
            lines[place][keyPath: amount] += part.amount
        }
    }
}

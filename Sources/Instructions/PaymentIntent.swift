/// The gateway's resource that is acted on, as a gateway's client read it.
public struct PaymentIntent: Hashable, Sendable {
    public struct LineItem: Hashable, Sendable {
        public let id: String
        /// Minor units of the intent's currency, as are the other two.
        public let total: Int64
        public let captured: Int64
        public let cancelled: Int64

        public init(id: String, total: Int64, captured: Int64, cancelled: Int64) {
            self.id = id
            self.total = total
            self.captured = captured
            self.cancelled = cancelled
        }
    }

    /// One capture the gateway lists, known by its id.
    public struct Capture: Hashable, Sendable {
        public let id: String
        public let minorUnits: Int64
        public let lines: [LineAmount]

        public init(id: String, minorUnits: Int64, lines: [LineAmount]) {
            self.id = id
            self.minorUnits = minorUnits
            self.lines = lines
        }
    }

    public let id: String
    /// The gateway's own word, such as `requires_capture`; `GatewayProfile.state(of:)` gives its meaning.
    public let status: String
    /// The full amount authorized.
    public let amount: Money
    /// Minor units; nil where the gateway wrote none.
    public var captured: Int64?
    /// Minor units; nil where the gateway has no such field.
    public var cancelled: Int64?
    public var cancellationReason: String?
    public var lines: [LineItem] = []
    public var captures: [Capture] = []
    /// The merchant's reference at the gateway (UseePay `merchant_order_id`).
    public var gatewayReference: String?

    public init(id: String, status: String, amount: Money) {
        self.id = id
        self.status = status
        self.amount = amount
    }
}

/// What an instruction does to a payment intent.
public enum Action: String, Sendable, CaseIterable, Codable {
    case cancel, capture
}

/// How much of the payment intent a row asks for.
public enum RequestedAmount: Hashable, Sendable {
    /// Blank or `all`: what remains; with a currency the row names one to be compared with the intent's.
    case everything(Currency?)
    /// A number in the file. It is still the whole when it equals the intent's full amount.
    case exactly(Money)

    public var currency: Currency? {
        switch self {
        case .everything(let currency): currency
        case .exactly(let money): money.currency
        }
    }
}

/// A part of the amount that belongs to one line item of the intent.
public struct LineAmount: Hashable, Sendable, Codable {
    public let id: String
    /// Minor units of the row's currency.
    public let minorUnits: Int64

    public init(id: String, minorUnits: Int64) {
        self.id = id
        self.minorUnits = minorUnits
    }
}

/// The references of the action at the payment service provider, sent to Mangopay as `ExternalData`.
public struct ExternalData: Hashable, Sendable, Codable {
    /// Unix seconds, UTC.
    public let processingDate: Int64
    public var providerReference: String?
    public var merchantReference: String?
    public var providerName: String?
    public var providerPaymentMethod: String?

    public init(processingDate: Int64) { self.processingDate = processingDate }
}

/// One valid row: an action on one payment intent (contract, section 3).
public struct Instruction: Hashable, Sendable {
    /// The record's number in its file, from 1, the header not counted.
    public let row: Int
    /// The line of the file where the record starts, from 1.
    public let line: Int
    public let action: Action
    public let intentID: String
    public let requested: RequestedAmount
    /// Cancellation reason, at most 255 characters.
    public var reason: String?
    /// The merchant's own reference, at most 64 characters, unique in its file.
    public var reference: String?
    public var lineItems: [LineAmount] = []
    public var externalData: ExternalData?
    /// Unix seconds at which the authorization lapses.
    public var expiresAt: Int64?

    public init(row: Int, line: Int, action: Action, intentID: String, requested: RequestedAmount) {
        self.row = row
        self.line = line
        self.action = action
        self.intentID = intentID
        self.requested = requested
    }
}

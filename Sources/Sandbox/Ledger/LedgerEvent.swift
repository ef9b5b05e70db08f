import JSON

/// What one line of the ledger says. The wire form is in `LedgerEvent+Line.swift`.
enum LedgerEvent: Equatable, Sendable {
    /// A request has arrived, whatever became of it.
    case request(LedgerRequest)
    /// State has changed, once: money state by the kind `effect`. Two lines of that kind for one intent and
    /// operation are two effects.
    case effect(LedgerEffect)
    /// An answer is about to leave. Missing after a dropped connection or the death of the process.
    case answer(LedgerAnswer)
    /// An answer that a client may fetch later by its idempotency key. An effect with a `key` keeps its own
    /// without such a line.
    case stored(LedgerStored)
}

struct LedgerRequest: Equatable, Sendable {
    /// When its head arrived, with milliseconds: rates are audited by it.
    var at: String
    var gateway: String
    var operation: String
    var intentID: String?
    /// Numbers the requests of this ledger from 1; its effect and its answer repeat it.
    var call: Int
    /// The fault that struck it, by its name in the fault script.
    var fault: String?
}

struct LedgerEffect: Equatable, Sendable {
    /// The word that the line has for `kind`.
    enum Kind: String, Sendable {
        /// Money is held, taken or given back.
        case effect
        /// An intent is there that was not there before.
        case created
        /// An intent says something else; no money moves.
        case updated
    }

    var kind = Kind.effect
    var at: String
    var operation: String
    var intentID: String
    var call: Int
    /// The money that was captured or released, as the gateway writes amounts: at UseePay in major units with
    /// all decimals of its currency, at Mangopay in minor units.
    var amount: String?
    var currency: String?
    /// The reason that the client gave.
    var reason: String?
    /// What else the gateway needs to do it again: further members of the line.
    var details = JSONObject()
    /// The intent as it is from now on; the line has the key only when there is one.
    var object: JSONValue?
}

struct LedgerStored: Equatable, Sendable {
    var at: String
    var call: Int
    /// Whose key it is.
    var clientID: String
    var key: String
    /// The URL that was called.
    var url: String
    var status: Int
    /// As it was sent.
    var body: String
}

struct LedgerAnswer: Equatable, Sendable {
    var at: String
    var call: Int
    var status: Int
}

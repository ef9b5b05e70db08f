/// What one line of the ledger says. The wire form is in `LedgerEvent+Line.swift`.
enum LedgerEvent: Equatable, Sendable {
    /// A request has arrived, whatever became of it.
    case request(LedgerRequest)
    /// Money state has changed, once. Two lines for one intent and operation are two effects.
    case effect(LedgerEffect)
    /// An answer is about to leave. Missing after a dropped connection or the death of the process.
    case answer(LedgerAnswer)
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
    var at: String
    var operation: String
    var intentID: String
    var call: Int
    /// The money that was captured or released, in major units with all decimals of its currency.
    var amount: String?
    var currency: String?
    /// The reason that the client gave.
    var reason: String?
}

struct LedgerAnswer: Equatable, Sendable {
    var at: String
    var call: Int
    var status: Int
}

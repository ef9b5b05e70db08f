package import Instructions
package import Pacing

/// What a money-changing call shall do, resolved against the intent.
package struct Change: Hashable, Sendable {
    package let action: Action
    package let intentID: String
    /// nil for the whole intent: no amount is put on the wire.
    package let amount: Money?
    package let lines: [LineAmount]
    package let reason: String?
    package let externalData: ExternalData?
    package let key: String

    package init(
        action: Action, intentID: String, amount: Money?, lines: [LineAmount], reason: String?,
        externalData: ExternalData?, key: String
    ) {
        self.action = action
        self.intentID = intentID
        self.amount = amount
        self.lines = lines
        self.reason = reason
        self.externalData = externalData
        self.key = key
    }
}

/// One HTTP call that the machine orders.
package enum GatewayCall: Hashable, Sendable {
    case change(Change)
    case read(intentID: String)
    /// The gateway's saved answer to that change, fetched by its key; only where the profile has keys.
    case storedResponse(Change)
    /// A new access token, which the client keeps for the calls after it; only where the profile has tokens.
    case token

    /// nil for a token.
    package var intentID: String? {
        switch self {
        case .change(let change), .storedResponse(let change): change.intentID
        case .read(let intentID): intentID
        case .token: nil
        }
    }
}

/// A call as it goes over the wire, without credentials.
package struct GatewayRequest: Hashable, Sendable {
    package let call: GatewayCall
    package let method: String
    /// Below the account's base URL, percent-encoded, with a leading slash.
    package let path: String
    /// Empty for none.
    package let body: [UInt8]

    package init(call: GatewayCall, method: String, path: String, body: [UInt8]) {
        self.call = call
        self.method = method
        self.path = path
        self.body = body
    }
}

/// What `Retry-After` said.
package enum RetryAfter: Hashable, Sendable {
    case after(Duration)
    case at(WallTime)
}

/// The classified answer to one call. Whether an intent in it proves our effect is for the machine to judge.
package struct Answer: Hashable, Sendable {
    package indirect enum Kind: Hashable, Sendable {
        /// No byte left: name lookup, refused connection, TLS, pool time-out.
        case notSent
        /// A 2xx with a readable payment intent that has the id asked for.
        case intent(PaymentIntent)
        /// 404 to a read, with the gateway's own error envelope.
        case notFound
        /// 400, 403, 404, 422 to a change, with the gateway's own error envelope.
        case refused
        /// 401.
        case unauthorized
        /// 429.
        case throttled(RetryAfter?)
        /// 409 about our key: an earlier request had it.
        case keyUsed
        /// The gateway's saved answer to a change of ours.
        case stored(StoredResponse)
        /// 404 to a fetch of a stored response: nothing is saved under the key.
        case nothingStored
        /// A new token, good for that long from now.
        case token(lifetime: Duration)
        /// The token endpoint refuses the account's credentials themselves.
        case credentialsRefused
        /// Everything else: proves nothing.
        case ambiguous
    }

    package let kind: Kind
    package var httpStatus: Int?
    /// The gateway's own error code.
    package var gatewayCode: String?
    /// For people: the gateway's own message, or what went wrong.
    package var message: String?
    /// What the gateway says is left of its windows, the shortest window first.
    package var rate: [RateReading] = []

    package init(_ kind: Kind, httpStatus: Int? = nil, gatewayCode: String? = nil, message: String? = nil) {
        self.kind = kind
        self.httpStatus = httpStatus
        self.gatewayCode = gatewayCode
        self.message = message
    }
}

/// An answer that the gateway saved under one of our keys.
package struct StoredResponse: Hashable, Sendable {
    /// What it would have been, had it come as the answer: `intent`, `refused`, `unauthorized`, `throttled`,
    /// `keyUsed` or `ambiguous`.
    package let answer: Answer
    /// When the gateway made it; nil where it does not say.
    package let date: WallTime?
    /// Whether it answers the action on the intent that the key was made for.
    package let isToOurRequest: Bool

    package init(answer: Answer, date: WallTime?, isToOurRequest: Bool) {
        self.answer = answer
        self.date = date
        self.isToOurRequest = isToOurRequest
    }
}

/// One window as the gateway's own headers describe it.
package struct RateReading: Hashable, Sendable {
    /// Calls that may still be made.
    package let remaining: Int
    package let resetsAt: WallTime

    package init(remaining: Int, resetsAt: WallTime) {
        self.remaining = remaining
        self.resetsAt = resetsAt
    }
}

/// A provider's API for one account: one request per call, never repeated by the client itself.
package protocol Gateway: Sendable {
    var profile: GatewayProfile { get }
    /// Pure: the same call gives the same bytes. Built before the attempt is committed, so that it can be frozen.
    func request(for call: GatewayCall) -> GatewayRequest
    /// Sends it once and classifies what came back, within the time-out. Never throws: a failure is an answer.
    func send(_ request: GatewayRequest, timeout: Duration) async -> Answer
}

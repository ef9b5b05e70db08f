import Instructions
import Pacing

/// Tokens: fetched by the machine's order, because the fetch counts in the windows like any call.
extension RunMachine {
    struct Token: Sendable {
        /// Renewed this long before it lapses (Mangopay's own advice).
        static let margin: Duration = .seconds(30)

        /// Counts the tokens of this execution; 0 before the first.
        var number = 0
        var lapsesAt: Duration?
        var isFetching = false
        /// Whether it was fetched after a 401: a 401 to such a token means that the credentials are refused.
        var followsRefusal = false
        var nextFollowsRefusal = false
    }

    func needsToken(now: Moment) -> Bool {
        guard profile.usesTokens else { return false }
        guard let lapsesAt = token.lapsesAt else { return true }
        return lapsesAt - Token.margin <= now.monotonic
    }

    mutating func fetchToken(_ lease: CallLease) {
        token.isFetching = true
        inFlight += 1
        emit(request(.token), row: nil, closes: lease.closes, isRetry: false)
    }

    mutating func tokenAnswered(_ answer: Answer, now: Moment) {
        token.isFetching = false
        switch answer.kind {
        case .token(let lifetime):
            token.number += 1
            // A life shorter than the margin would have every call fetch another one.
            token.lapsesAt = now.monotonic + max(lifetime, Token.margin + .seconds(1))
            token.followsRefusal = token.nextFollowsRefusal
            token.nextFollowsRefusal = false
        case .credentialsRefused:
            stop(Stop(.credentials, message: answer.message), now: now)
        case .throttled(let retryAfter):
            pause(retryAfter, now: now)
        case .notSent, .intent, .notFound, .refused, .unauthorized, .keyUsed, .stored, .nothingStored,
            .ambiguous:
            // An outage, `noteHealth` has it: without a token nothing can be called.
            break
        }
    }

    /// A 401 to a row's call. Several calls of one token are refused at once; the first one has it renewed.
    mutating func unauthorized(_ call: OpenCall, _ answer: Answer, now: Moment) {
        guard profile.usesTokens else {
            stop(Stop(.credentials, message: answer.message), now: now)
            return
        }
        guard call.token == token.number, token.lapsesAt != nil else { return }
        if token.followsRefusal {
            stop(Stop(.credentials, message: answer.message), now: now)
        } else {
            token.lapsesAt = nil
            token.nextFollowsRefusal = true
        }
    }
}

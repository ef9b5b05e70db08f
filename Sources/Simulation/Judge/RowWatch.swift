import Instructions
import Pacing
import Runs

/// What the judge saw of one row: its attempts as committed and sent, what was answered, and what it learned since.
struct RowWatch {
    enum Verdict {
        /// Not answered, as far as its own execution knows.
        case none
        /// 401, 429 or never left: this request was not processed.
        case harmless
        case refused
        case keyUsed
        case ambiguous
        /// Found open by a later execution.
        case foundOpen
    }

    struct SeenAttempt {
        let number: Int
        let key: String
        let snapshot: PaymentIntent?
        let openedAt: Duration
        let openedWall: WallTime
        /// Wall less monotonic clock when it was opened.
        let offset: Duration
        var sentAt: Duration?
        var answeredAt: Duration?
        var verdict = Verdict.none
        /// From when on reads and stored responses tell what became of it.
        var resolvableAt: Duration = .zero

        var provesNothing: Bool {
            switch verdict {
            case .none, .ambiguous, .foundOpen, .keyUsed: true
            case .harmless, .refused: false
            }
        }
    }

    /// A stored response that was fetched.
    struct Fetched {
        enum Found {
            case nothing
            /// 401 or 429: the key is used up without effect.
            case dead
            /// A 5xx, or a 2xx that shows nothing.
            case noProof
            case refused
            case other
        }

        let key: String
        let found: Found
        let requestedAt: Duration
    }

    var attempts: [SeenAttempt] = []
    var fetched: [Fetched] = []
    /// Effects of this row that the gateway booked.
    var effects = 0
    /// The gateway answered that it was done when it was not.
    var isClaimed = false
}

/// The newest read of an intent by a run.
struct SeenRead {
    let intent: PaymentIntent
    let execution: Int
    let requestedAt: Duration
    let answeredAt: Duration
}

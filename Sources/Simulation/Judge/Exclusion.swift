/// What no rule could prove, and so is not held against the machine: the one place where an invariant is eased.
/// Each use is counted and printed.
enum Exclusion: String, CaseIterable {
    /// Another actor did the identical action after our first attempt, and the intent was the only witness:
    /// `applied`, though the effect is theirs.
    case twinAction = "another actor did the same"
    /// `preflight: never`: nobody looked before, and the read afterwards shows the intent cancelled as asked.
    case unseenBefore = "not read before"
    /// Something on the way sent our request twice, and of the two answers handed on the one that says "not done":
    /// a refusal (of what the other copy had done already) or a 401.
    case contradiction = "answer to the other copy"
    /// The gateway answered that it did what it did not do.
    case falseClaim = "gateway claimed an effect"
    /// The gateway forgot a key within its lifetime, so the same key was executed twice.
    case brokenKey = "gateway forgot a key"
    /// Our clock was set forward by hours after the send, so that `late-bound` seemed to be over.
    case jumpedClock = "clock set forward while resolving"
    /// Our clock was more than five minutes ahead of the gateway's, so its own answer looks like an older run's.
    case skewedClock = "clock ahead of the gateway"
}

extension Exclusion {
    /// Position in `allCases`, for counting.
    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

#if MUTANTS
/// Bugs that `make mutants` plants one at a time, to see that the simulation catches each. Neither this file nor any
/// place that asks for it is in a binary that was built without `-DMUTANTS`.
package enum PlantedBug: String, CaseIterable, Sendable {
    case sendBeforeCommit = "send-before-commit"
    case newKeyAfterAmbiguous = "new-key-after-ambiguous"
    case blindResend = "blind-resend"
    case resolvesTooEarly = "resolves-too-early"
    case outcomeDropped = "outcome-dropped"
    case orderIgnored = "order-ignored"
    case lateAnswerWins = "late-answer-wins"
    case keyAgeIgnored = "key-age-ignored"
    case clockBackIgnored = "clock-back-ignored"
    case keyAgesInQueue = "key-ages-in-queue"
    case capturesByAmount = "captures-by-amount"
    case lastSnapshot = "last-snapshot"
    case errorIsRefusal = "5xx-is-refusal"
    case refusalAfterAmbiguous = "refusal-after-ambiguous"
    case storedRefusalOfLaterKey = "stored-refusal-of-later-key"
    case openAttemptForgotten = "open-attempt-forgotten"
    case failedFetchIsNothing = "failed-fetch-is-nothing"
    case inProgressIsNothing = "in-progress-is-nothing"
    case secondOpenAttempt = "second-open-attempt"
    case preflightAfterAmbiguous = "preflight-after-ambiguous"
    case staleSnapshot = "stale-snapshot"
    case missedSlotSent = "missed-slot-sent"
    case partSentTwice = "part-sent-twice"
    case refusedThenSent = "refused-then-sent"
    case earlierRowsEffect = "earlier-rows-effect"
    case smallerCaptureExcluded = "smaller-capture-excluded"
    case retryBudgetIgnored = "retry-budget-ignored"
    case rowGuardIgnored = "row-guard-ignored"
    case stateTakenAlone = "state-taken-alone"
    case resolvedTooEarly = "resolved-too-early"

    /// Set once, before anything runs.
    nonisolated(unsafe) package static var planted: PlantedBug?
}
#endif

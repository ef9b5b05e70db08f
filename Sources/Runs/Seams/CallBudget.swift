/// Leave to start calls at the gateway until it closes. What is not started by then is burnt, or given back.
package struct CallLease: Hashable, Sendable {
    package let calls: Int
    /// On the monotonic clock.
    package let closes: Duration

    package init(calls: Int, closes: Duration) {
        self.calls = calls
        self.closes = closes
    }
}

/// Keeps all calls of an account within its limits. Every call counts, reads too.
package protocol CallBudget: Sendable {
    /// Waits until at least one call may start; returns leave for at most that many.
    func lease(upTo calls: Int) async throws -> CallLease
    /// The same without a wait; nil when there is nothing at hand.
    func leaseAtOnce(upTo calls: Int) -> CallLease?
    /// Calls of a lease that were not started and never will be under it.
    func giveBack(_ calls: Int, of lease: CallLease) async
    /// No lease opens before then (monotonic clock): the gateway asked for a pause.
    func pause(until: Duration) async throws
    /// What the gateway itself counts, as the answer says to a call that was sent at that time (monotonic clock).
    func note(_ readings: [RateReading], sentAt: Duration) async
}

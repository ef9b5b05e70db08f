/// Leave to start calls at the gateway within a slot of time. What is not started inside it is burnt.
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
    /// No lease opens before then (monotonic clock): the gateway asked for a pause.
    func pause(until: Duration) async
}

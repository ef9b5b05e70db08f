import Pacing

/// The limits of one account, kept by this process alone.
package actor WindowCallBudget: CallBudget {
    private var window: CallWindow?
    private var pausedUntil: Duration = .zero
    private let timekeeper: any Timekeeper

    /// - Parameters:
    ///   - limit: none leaves the calls to the run's concurrency.
    ///   - startsFull: counts the whole window as used, because an earlier process may have used it.
    package init(
        limit: (calls: Int, window: Duration)?, startsFull: Bool, timekeeper: any Timekeeper
    ) {
        self.timekeeper = timekeeper
        window = limit.map { CallWindow(limit: $0.calls, length: $0.window) }
        if startsFull { window?.fill(now: timekeeper.now().monotonic) }
    }

    package func lease(upTo calls: Int) async throws -> CallLease {
        while true {
            let now = timekeeper.now().monotonic
            if now < pausedUntil {
                try await timekeeper.sleep(until: pausedUntil)
                continue
            }
            guard var window else { return CallLease(calls: calls, closes: now + .seconds(3600)) }
            let granted = window.take(upTo: calls, now: now)
            let opensAt = window.opensAt(now: now)
            self.window = window
            if granted > 0 { return CallLease(calls: granted, closes: now + window.slot) }
            try await timekeeper.sleep(until: opensAt)
        }
    }

    package func pause(until: Duration) { pausedUntil = max(pausedUntil, until) }
}

package import Instructions
import Pacing

/// The limits of one account, all of them at once, kept by this process alone.
package actor WindowCallBudget: CallBudget {
    private var windows: CallWindows
    private var pausedUntil: Duration = .zero
    private let timekeeper: any Timekeeper

    /// At the start a window as short as this counts as used up, because the run or process before may have used
    /// it. Longer ones would hold up the start for as long as they last.
    static let longestRefill: Duration = .seconds(60)

    /// - Parameter limits: none leaves the calls to the run's concurrency.
    package init(limits: [RateLimit], timekeeper: any Timekeeper) {
        self.timekeeper = timekeeper
        windows = CallWindows(limits.map { CallWindow(limit: $0.calls, length: $0.window) })
        windows.fill(upTo: Self.longestRefill, now: timekeeper.now().monotonic)
    }

    package func lease(upTo calls: Int) async throws -> CallLease {
        while true {
            let now = timekeeper.now().monotonic
            if now < pausedUntil {
                try await timekeeper.sleep(until: pausedUntil)
            } else if let grant = windows.take(upTo: calls, now: now) {
                return CallLease(calls: grant.calls, closes: grant.closes)
            } else {
                try await timekeeper.sleep(until: windows.opensAt(now: now))
            }
        }
    }

    package func pause(until: Duration) { pausedUntil = max(pausedUntil, until) }
}

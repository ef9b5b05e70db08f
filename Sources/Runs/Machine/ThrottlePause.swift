package import Pacing

/// How long an account pauses when its gateway answers 429: as `Retry-After` says, at most 15 min; without it, or when
/// it names a time that has passed, 1, 2, 4 … up to 60 s for each further 429 in a row.
package struct ThrottlePause: Sendable {
    /// What one 429 led to.
    package struct Beginning: Hashable, Sendable {
        /// On the monotonic clock.
        package let until: Duration
        /// What the gateway asked for, where that is cut.
        package let asked: Duration?
    }

    package static let longest: Duration = .seconds(900)
    private static let backoff = Backoff(first: .seconds(1), longest: .seconds(60))

    private(set) var until: Duration?
    private var unexplained = 0

    package init() {}

    /// A 429 came; nil when the account pauses for as long already.
    package mutating func begin(_ retryAfter: RetryAfter?, now: Moment) -> Beginning? {
        var asked: Duration
        switch retryAfter {
        case .after(let duration): asked = duration
        case .at(let time): asked = time.since(now.wall)
        case nil: asked = .zero
        }
        if asked <= .zero {
            if isOn(now) { return nil }
            asked = Self.backoff.bound(retry: unexplained)
            unexplained += 1
        }
        let until = now.monotonic + min(asked, Self.longest)
        if let before = self.until, before >= until { return nil }
        self.until = until
        return Beginning(until: until, asked: asked > Self.longest ? asked : nil)
    }

    /// A call was processed.
    package mutating func answered() { unexplained = 0 }

    func isOn(_ now: Moment) -> Bool { until.map { $0 > now.monotonic } ?? false }
}

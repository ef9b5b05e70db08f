/// All windows of an account at once: a call starts only when every one of them has room.
public struct CallWindows: Sendable {
    /// Leave for calls that start before the slot closes.
    public struct Grant: Hashable, Sendable {
        public let calls: Int
        public let closes: Duration
    }

    private var windows: [CallWindow]

    public init(_ windows: [CallWindow]) { self.windows = windows }

    /// Leave for at most that many calls in a slot opening now, as long as the shortest window's; nil when one is
    /// full. Without windows everything is granted for an hour.
    public mutating func take(upTo wanted: Int, now: Duration) -> Grant? {
        guard let slot = windows.map(\.slot).min() else {
            return Grant(calls: wanted, closes: now + .seconds(3600))
        }
        var calls = wanted
        for index in windows.indices { calls = min(calls, windows[index].room(now: now)) }
        guard calls > 0 else { return nil }
        for index in windows.indices { windows[index].take(calls, slotCloses: now + slot) }
        return Grant(calls: calls, closes: now + slot)
    }

    /// When every window has room again.
    public mutating func opensAt(now: Duration) -> Duration {
        var opensAt = now
        for index in windows.indices { opensAt = max(opensAt, windows[index].opensAt(now: now)) }
        return opensAt
    }

    /// Counts every window up to that length as used up from now.
    public mutating func fill(upTo length: Duration, now: Duration) {
        for index in windows.indices where windows[index].length <= length { windows[index].fill(now: now) }
    }
}

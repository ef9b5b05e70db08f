/// Wall-clock time, in whole milliseconds since 1970 UTC. Key age and deadlines are measured with it.
public struct WallTime: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public init(seconds: Int64) { milliseconds = seconds * 1000 }

    public static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }

    public func advanced(by duration: Duration) -> WallTime {
        WallTime(milliseconds: milliseconds + duration.wholeMilliseconds)
    }

    /// Positive when `self` is later.
    public func since(_ earlier: WallTime) -> Duration {
        .milliseconds(milliseconds - earlier.milliseconds)
    }
}

/// One instant on both clocks: windows and waits need the monotonic one, key age and deadlines the wall's.
public struct Moment: Hashable, Sendable {
    /// Since some fixed instant of this boot; never goes back.
    public let monotonic: Duration
    public let wall: WallTime

    public init(monotonic: Duration, wall: WallTime) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

extension Duration {
    /// Rounded towards zero.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

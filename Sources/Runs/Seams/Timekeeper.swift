import Glibc
package import Pacing

/// The clocks, injected.
package protocol Timekeeper: Sendable {
    func now() -> Moment
    /// Returns at that time on the monotonic clock, or throws `CancellationError`.
    func sleep(until monotonic: Duration) async throws
}

/// The machine's own clocks.
package struct SystemTimekeeper: Timekeeper {
    private let origin = ContinuousClock.now

    package init() {}

    package func now() -> Moment {
        Moment(monotonic: ContinuousClock.now - origin, wall: Self.wallTime())
    }

    package func sleep(until monotonic: Duration) async throws {
        try await ContinuousClock().sleep(until: origin + monotonic, tolerance: .milliseconds(1))
    }

    private static func wallTime() -> WallTime {
        var time = timespec()
        // clock_gettime(CLOCK_REALTIME) cannot fail with a valid pointer (POSIX).
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

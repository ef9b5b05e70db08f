import Glibc
package import Pacing

/// The clocks, injected.
package protocol Timekeeper: Sendable {
    func now() -> Moment
    /// Returns at that time on the monotonic clock, or throws `CancellationError`.
    func sleep(until monotonic: Duration) async throws
}

/// The machine's own clocks.
///
/// The monotonic one is CLOCK_BOOTTIME: it begins with the boot and is the same for all processes, so that they can
/// share windows, and it goes on while the machine is suspended, as the gateway's windows do (clock_gettime(2)).
package struct SystemTimekeeper: Timekeeper {
    package init() {}

    package func now() -> Moment {
        let (boot, wall) = (Self.read(CLOCK_BOOTTIME), Self.read(CLOCK_REALTIME))
        return Moment(
            monotonic: .seconds(boot.tv_sec) + .nanoseconds(boot.tv_nsec),
            wall: WallTime(milliseconds: Int64(wall.tv_sec) * 1000 + Int64(wall.tv_nsec) / 1_000_000))
    }

    package func sleep(until monotonic: Duration) async throws {
        let wait = monotonic - now().monotonic
        try await ContinuousClock().sleep(for: max(.zero, wait), tolerance: .milliseconds(1))
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // clock_gettime cannot fail with a valid pointer and a clock that Linux has had since 2.6.39.
        clock_gettime(clock, &time)
        return time
    }
}

package import Pacing
import Runs
import Synchronization

/// Clocks that leap to the end of every sleep: one caller after another never waits.
package final class LeapingTimekeeper: Timekeeper {
    private let time: Mutex<Moment>

    package init(monotonic: Duration = .seconds(1000), wall: WallTime = WallTime(seconds: 1_795_132_800)) {
        time = Mutex(Moment(monotonic: monotonic, wall: wall))
    }

    package func now() -> Moment { time.withLock { $0 } }

    package func sleep(until monotonic: Duration) async throws {
        try Task.checkCancellation()
        advance(by: max(.zero, monotonic - now().monotonic))
    }

    package func advance(by duration: Duration) {
        time.withLock { time in
            time = Moment(monotonic: time.monotonic + duration, wall: time.wall.advanced(by: duration))
        }
    }
}

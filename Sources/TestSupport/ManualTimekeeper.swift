package import Pacing
import Runs
import Synchronization

/// Clocks that move only when told, for tests of what waits.
///
/// A class with a mutex, because `now()` is read without waiting.
package final class ManualTimekeeper: Timekeeper {
    private struct Sleeper {
        let id: Int
        let until: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let sleepers: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Moment
        var nextID = 0
        /// In the order in which they wake: by time, then by who slept first.
        var sleepers: [Sleeper] = []
        var watchers: [Watcher] = []
    }

    private let state: Mutex<State>

    /// Starts at that wall time, with the monotonic clock at zero.
    package init(wall: WallTime = WallTime(seconds: 1_795_132_800)) {
        state = Mutex(State(now: Moment(monotonic: .zero, wall: wall)))
    }

    package func now() -> Moment { state.withLock { $0.now } }

    package func sleep(until monotonic: Duration) async throws {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(Sleeper(id: id, until: monotonic, continuation: continuation))
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.sleepers.firstIndex { $0.id == id }.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves both clocks and wakes who is due, earliest first.
    package func advance(by duration: Duration) {
        precondition(duration >= .zero, "the monotonic clock never goes back")
        let due = state.withLock { state in
            state.now = Moment(
                monotonic: state.now.monotonic + duration, wall: state.now.wall.advanced(by: duration))
            let monotonic = state.now.monotonic
            let count = state.sleepers.prefix { $0.until <= monotonic }.count
            defer { state.sleepers.removeFirst(count) }
            return Array(state.sleepers.prefix(count))
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Moves both clocks to the time of the earliest sleeper and wakes whoever is due then; false when none
    /// sleeps.
    @discardableResult
    package func advanceToNextSleeper() -> Bool {
        let wait = state.withLock { state in
            state.sleepers.first.map { max(.zero, $0.until - state.now.monotonic) }
        }
        guard let wait else { return false }
        advance(by: wait)
        return true
    }

    /// Sets the wall clock alone, as an operator or NTP would.
    package func setWall(_ wall: WallTime) {
        state.withLock { $0.now = Moment(monotonic: $0.now.monotonic, wall: wall) }
    }

    /// When the sleepers wake, earliest first.
    package var wakeTimes: [Duration] { state.withLock { $0.sleepers.map(\.until) } }

    /// Returns once at least that many tasks sleep, so that a test advances time only when all have come to
    /// rest.
    package func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append(Watcher(sleepers: count, continuation: continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func add(_ sleeper: Sleeper) {
        enum Next { case sleep, wake, cancel }
        let (next, watchers) = state.withLock { state -> (Next, [Watcher]) in
            // The cancellation handler runs after this flag is set: either it finds the sleeper or we see the
            // flag.
            if Task.isCancelled { return (.cancel, []) }
            if sleeper.until <= state.now.monotonic { return (.wake, []) }
            let index = state.sleepers.firstIndex { $0.until > sleeper.until } ?? state.sleepers.endIndex
            state.sleepers.insert(sleeper, at: index)
            let count = state.sleepers.count
            let satisfied = state.watchers.filter { $0.sleepers <= count }
            state.watchers.removeAll { $0.sleepers <= count }
            return (.sleep, satisfied)
        }
        switch next {
        case .sleep: break
        case .wake: sleeper.continuation.resume()
        case .cancel: sleeper.continuation.resume(throwing: CancellationError())
        }
        for watcher in watchers { watcher.continuation.resume() }
    }
}

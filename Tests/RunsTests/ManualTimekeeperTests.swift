import Pacing
import TestSupport
import Testing

@Suite("The manual timekeeper")
struct ManualTimekeeperTests {
    private let start = WallTime(seconds: 1_000)

    @Test("moves both clocks when told, the wall clock alone when set")
    func clocks() {
        let timekeeper = ManualTimekeeper(wall: start)
        timekeeper.advance(by: .milliseconds(1_500))
        #expect(
            timekeeper.now()
                == Moment(monotonic: .milliseconds(1_500), wall: WallTime(milliseconds: 1_001_500)))
        timekeeper.setWall(WallTime(seconds: 5))
        #expect(timekeeper.now() == Moment(monotonic: .milliseconds(1_500), wall: WallTime(seconds: 5)))
        #expect(timekeeper.advanceToNextSleeper() == false)
    }

    @Test("wakes sleepers when they are due and not before")
    func waking() async throws {
        let timekeeper = ManualTimekeeper(wall: start)
        let (woken, report) = AsyncStream.makeStream(of: Int.self)
        for seconds in [3, 1, 2] {
            Task {
                try await timekeeper.sleep(until: .seconds(seconds))
                report.yield(seconds)
            }
        }
        await timekeeper.waitForSleepers(3)
        #expect(timekeeper.wakeTimes == [.seconds(1), .seconds(2), .seconds(3)])
        var order: [Int] = []
        var wakes = woken.makeAsyncIterator()
        timekeeper.advance(by: .milliseconds(999))
        #expect(timekeeper.wakeTimes.count == 3)
        while timekeeper.advanceToNextSleeper() { order.append(await wakes.next() ?? 0) }
        #expect(order == [1, 2, 3])
        #expect(timekeeper.now().monotonic == .seconds(3))
        try await timekeeper.sleep(until: .seconds(3))
    }

    @Test("lets a cancelled sleeper go, before and while it sleeps")
    func cancelling() async {
        let timekeeper = ManualTimekeeper(wall: start)
        let task = Task { try await timekeeper.sleep(until: .seconds(1)) }
        await timekeeper.waitForSleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(timekeeper.wakeTimes == [])
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await timekeeper.sleep(until: .seconds(1))
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        #expect(timekeeper.wakeTimes == [])
    }
}

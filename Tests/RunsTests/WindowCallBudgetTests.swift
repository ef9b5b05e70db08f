import Instructions
import Pacing
import Runs
import TestSupport
import Testing

@Suite("The call budget")
struct WindowCallBudgetTests {
    @Test("a full window is waited for, and at the start a short one counts as full")
    func fullWindow() async throws {
        let timekeeper = ManualTimekeeper()
        let budget = WindowCallBudget(
            limits: [RateLimit(calls: 5, window: .seconds(2)), RateLimit(calls: 9, window: .seconds(900))],
            timekeeper: timekeeper)
        let began = timekeeper.now().monotonic
        async let first = budget.lease(upTo: 9)
        await timekeeper.waitForSleepers(1)
        #expect(timekeeper.advanceToNextSleeper())
        let lease = try await first
        #expect(lease.calls == 5)
        #expect(timekeeper.now().monotonic - began == .seconds(2))
        async let second = budget.lease(upTo: 9)
        await timekeeper.waitForSleepers(1)
        #expect(timekeeper.advanceToNextSleeper())
        #expect(try await second.calls == 4)
    }

    @Test("without limits a lease is given at once; a pause holds it up")
    func pauses() async throws {
        let timekeeper = ManualTimekeeper()
        let budget = WindowCallBudget(limits: [], timekeeper: timekeeper)
        #expect(try await budget.lease(upTo: 7).calls == 7)
        let until = timekeeper.now().monotonic + .seconds(5)
        await budget.pause(until: until)
        async let pending = budget.lease(upTo: 1)
        await timekeeper.waitForSleepers(1)
        timekeeper.advance(by: .seconds(5))
        _ = try await pending
        #expect(timekeeper.now().monotonic >= until)
    }
}

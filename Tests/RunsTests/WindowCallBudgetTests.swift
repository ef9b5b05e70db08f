import Pacing
import Runs
import TestSupport
import Testing

@Suite("The call budget")
struct WindowCallBudgetTests {
    @Test("in memory it keeps the rule", arguments: CallBudgetConformance.rules)
    func conformance(rule: CallBudgetConformance.Rule) async {
        let timekeeper = LeapingTimekeeper()
        let book = MemoryCallBook(timekeeper: timekeeper)
        let subject = CallBudgetSubject(timekeeper: timekeeper) { limits in
            WindowCallBudget(limits: limits, book: book, timekeeper: timekeeper)
        }
        #expect(await rule.findings(in: subject) == [])
    }

    @Test("who waits for room wakes when calls are given back")
    func wakes() async throws {
        let timekeeper = ManualTimekeeper()
        let budget = WindowCallBudget(
            limits: [CallLimit(calls: 5, length: .seconds(900))],
            book: MemoryCallBook(timekeeper: timekeeper),
            timekeeper: timekeeper)
        let lease = try await budget.lease(upTo: 9)
        #expect(lease.calls == 5)
        timekeeper.advance(by: .seconds(2))
        async let next = budget.lease(upTo: 9)
        await timekeeper.waitForSleepers(1)
        await budget.giveBack(3, of: lease)
        #expect(try await next.calls == 3)
    }

    @Test("where there is plenty a slot needs one transaction on the book, not one a call")
    func transactions() async throws {
        let timekeeper = ManualTimekeeper()
        let book = CountingBook(MemoryCallBook(timekeeper: timekeeper))
        let budget = WindowCallBudget(
            limits: [CallLimit(calls: 100_000, length: .seconds(1))], book: book, timekeeper: timekeeper)
        for _ in 0..<100 {
            for _ in 0..<50 { _ = try await budget.lease(upTo: 1) }
            timekeeper.advance(by: .milliseconds(20))
        }
        #expect(await book.updates < 150)
        // What it took ahead goes back.
        try await budget.close()
        let used = try await book.update { book, now in
            book.windows[0].entries.reduce(0) { $0 + $1.calls }
        }
        #expect(used == 5000)
    }

    /// Counts the transactions on a book.
    private actor CountingBook: CallBookKeeper {
        private let book: any CallBookKeeper
        private(set) var updates = 0

        init(_ book: any CallBookKeeper) { self.book = book }

        func update<Value: Sendable>(
            _ work: @escaping @Sendable (inout CallBook, Moment) -> Value
        ) async throws -> Value {
            updates += 1
            return try await book.update(work)
        }
    }
}

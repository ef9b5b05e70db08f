package import Pacing
import Synchronization

/// The call budget of one process, kept within an account's limits by a book that several processes may share.
///
/// One transaction on the book serves a whole slot, not one call: the process takes what it can start now, and where
/// there is plenty what it may come to need within the slot. What it did not use goes back with the next transaction.
package actor WindowCallBudget: CallBudget {
    /// Leave that was taken from the book and is still open.
    private struct Stock {
        var calls = 0
        var closes: Duration = .zero
    }

    /// Calls handed out in this slot and in the one before: what the next one may need.
    private struct RecentDemand {
        private var count = 0
        private var before = 0
        private var began: Duration = .zero

        mutating func count(_ calls: Int) { count += calls }

        /// Twice what this slot took so far, when it took more than the one before.
        mutating func expected(slot: Duration, now: Duration) -> Int {
            if now - began >= slot { (before, count, began) = (count, 0, now) }
            return max(before, 2 * count)
        }
    }

    /// Leave at hand: outside the actor, so that it is had without a wait.
    private struct Hand {
        var stock = Stock()
        var recent = RecentDemand()
        var pausedUntil: Duration = .zero

        mutating func handOut(upTo calls: Int, now: Duration) -> CallLease? {
            guard now >= pausedUntil, stock.calls > 0, now < stock.closes else { return nil }
            let count = min(calls, stock.calls)
            stock.calls -= count
            recent.count(count)
            return CallLease(calls: count, closes: stock.closes)
        }
    }

    private let book: any CallBookKeeper
    private let limits: [CallLimit]
    private let timekeeper: any Timekeeper
    /// Tells this process from the others.
    private let claimant: UInt64

    private let hand = Mutex(Hand())
    /// Calls to take back with the next transaction, by the close of their leave.
    private var unused: [Duration: Int] = [:]
    private var readings: (list: [RateReading], sentAt: Duration)?
    /// How long a transaction takes: a slow disk must not eat up the slot that it opens.
    ///
    /// The first calls of a process open its connections and arrive later than those that follow them: their leave
    /// lasts as if a transaction took 125 ms, so that they count for a quarter of a second more.
    private var delay: Duration = .milliseconds(125)
    private var sleepers: [Int: AsyncStream<Void>.Continuation] = [:]
    private var nextSleeper = 0

    /// - Parameter limits: none leaves the calls to the run's concurrency.
    package init(
        limits: [CallLimit], book: any CallBookKeeper, timekeeper: any Timekeeper,
        claimant: UInt64 = .random(in: .min ... .max)
    ) {
        self.limits = limits
        self.book = book
        self.timekeeper = timekeeper
        self.claimant = claimant
    }

    package nonisolated func leaseAtOnce(upTo calls: Int) -> CallLease? {
        let now = timekeeper.now().monotonic
        return hand.withLock { $0.handOut(upTo: calls, now: now) }
    }

    package func lease(upTo calls: Int) async throws -> CallLease {
        while true {
            let pausedUntil = hand.withLock { $0.pausedUntil }
            if timekeeper.now().monotonic < pausedUntil {
                try await sleep(until: pausedUntil)
            } else if let lease = leaseAtOnce(upTo: calls) {
                return lease
            } else if case .wait(let until) = try await restock(for: calls) {
                try await sleep(until: until)
            }
        }
    }

    package func giveBack(_ calls: Int, of lease: CallLease) {
        guard calls > 0 else { return }
        let now = timekeeper.now().monotonic
        let isBack = hand.withLock { hand in
            guard lease.closes == hand.stock.closes, now < hand.stock.closes else { return false }
            hand.stock.calls += calls
            return true
        }
        if !isBack { unused[lease.closes, default: 0] += calls }
        // Whoever waits for room in the windows has some now.
        for sleeper in sleepers.values { sleeper.yield() }
    }

    package func pause(until: Duration) async throws {
        hand.withLock { $0.pausedUntil = max($0.pausedUntil, until) }
        returnStock()
        try await book.update { book, _ in book.pause(until: until) }
    }

    package func note(_ readings: [RateReading], sentAt: Duration) {
        if let noted = self.readings, noted.sentAt > sentAt { return }
        self.readings = (readings, sentAt)
    }

    /// When calls can start from now on, if nobody else calls for the account; and now, on the monotonic clock.
    package func forecast() async throws -> (calls: CallForecast, at: Duration) {
        let limits = limits
        return try await book.update { book, now in
            (book.forecast(limits, now: now.monotonic), now.monotonic)
        }
    }

    /// Gives back what was not used. The last thing a process does.
    package func close() async throws {
        returnStock()
        guard !unused.isEmpty else { return }
        let (unused, readings, limits) = (takeUnused(), takeReadings(), self.limits)
        try await book.update { book, now in
            book.settle(unused: unused, readings: readings, under: limits, now: now)
        }
    }

    // MARK: Stock

    /// One transaction: what is left goes back, and new leave comes.
    private func restock(for calls: Int) async throws -> CallBook.Answer {
        let began = timekeeper.now().monotonic
        let ahead = hand.withLock { $0.recent.expected(slot: limits.slot, now: began) }
        returnStock()
        let (unused, readings) = (takeUnused(), takeReadings())
        let demand = CallBook.Demand(
            claimant: claimant, calls: calls, ahead: min(ahead, Self.mostAhead), limits: limits,
            slot: limits.slot + min(delay * 2, Self.longestDelay))
        let answer = try await book.update { book, now in
            book.settle(unused: unused, readings: readings, under: demand.limits, now: now)
            return book.take(demand, now: now.monotonic)
        }
        delay = timekeeper.now().monotonic - began
        guard case .granted(let grant) = answer else { return answer }
        // Another lease may have been waiting for the same transaction, or a pause come meanwhile.
        returnStock(for: Stock(calls: grant.calls, closes: grant.closes))
        let pausedUntil = hand.withLock { $0.pausedUntil }
        if timekeeper.now().monotonic < pausedUntil { returnStock() }
        return answer
    }

    private static let mostAhead = 1000
    private static let longestDelay: Duration = .seconds(1)

    /// What is left at hand goes back with the next transaction.
    private func returnStock(for other: Stock = Stock()) {
        let left = hand.withLock { hand in
            defer { hand.stock = other }
            return hand.stock
        }
        if left.calls > 0 { unused[left.closes, default: 0] += left.calls }
    }

    private func takeUnused() -> [Duration: Int] {
        defer { unused = [:] }
        return unused
    }

    private func takeReadings() -> (list: [RateReading], sentAt: Duration)? {
        defer { readings = nil }
        return readings
    }

    // MARK: Waiting

    /// Until that time, or until calls were given back.
    private func sleep(until time: Duration) async throws {
        let (wakes, sleeper) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = nextSleeper
        nextSleeper += 1
        sleepers[number] = sleeper
        defer { sleepers[number] = nil }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [timekeeper] in try await timekeeper.sleep(until: time) }
            group.addTask { for await _ in wakes { return } }
            _ = try await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }
}

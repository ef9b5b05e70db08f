import Foundation
import Pacing
import Testing

@Suite("The call book")
struct CallBookTests {
    static let sets: [[CallLimit]] = [
        [CallLimit(calls: 5, length: .seconds(1))],
        [CallLimit(calls: 50, length: .seconds(2)), CallLimit(calls: 120, length: .seconds(10))],
        [CallLimit(calls: 1, length: .milliseconds(100)), CallLimit(calls: 30, length: .seconds(60))],
        [
            CallLimit(calls: 40, length: .seconds(5)), CallLimit(calls: 40, length: .seconds(7)),
            CallLimit(calls: 90, length: .seconds(30)),
        ],
        mangopay,
    ]
    static let mangopay = [
        CallLimit(calls: 2300, length: .seconds(900)), CallLimit(calls: 4500, length: .seconds(1800)),
        CallLimit(calls: 8800, length: .seconds(3600)), CallLimit(calls: 105_600, length: .seconds(86_400)),
    ]

    /// Calls that are made for each of the seeds; `make quotas` asks for 50,000, a million in all.
    private static let callsASeed =
        ProcessInfo.processInfo.environment["CALLS_A_SEED"].flatMap(Int.init) ?? 2_500

    @Test(
        "calls of several processes, killed and rebooted at random, never break a limit",
        arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) {
        let limits = Self.sets[Int(seed) % Self.sets.count]
        var calls = SharedCalls(limits, processes: 1 + Int(seed) / 5, seed: seed)
        while calls.history.starts.count < Self.callsASeed {
            let isBusy = Int.random(in: 0..<100, using: &calls.generator) < 97
            let rest = isBusy ? Int.random(in: 1...30, using: &calls.generator) : 20_000
            calls.step(
                wanting: Int.random(in: 1...40, using: &calls.generator), losing: true,
                rest: .milliseconds(rest))
            if Int.random(in: 0..<1000, using: &calls.generator) == 0 {
                calls.reboot(off: .milliseconds(Int.random(in: 0...3000, using: &calls.generator)))
            }
        }
        #expect(calls.history.breach(of: limits) == nil, "seed \(seed)")
        for window in calls.book.windows { #expect(window.entries.count < 600, "seed \(seed)") }
    }

    @Test(
        "under endless demand nearly all that is allowed is used",
        arguments: [(0, 1, 0.97), (1, 1, 0.98), (1, 2, 0.98), (1, 4, 0.98)])
    func rateUsed(set: Int, processes: Int, share: Double) {
        let limits = Self.sets[set]
        var calls = SharedCalls(limits, processes: processes, seed: 1)
        while calls.now < .seconds(100) { calls.step(wanting: 16, losing: false, rest: .milliseconds(5)) }
        #expect(calls.history.breach(of: limits) == nil)
        var forecast = CallForecast(limits)
        let ideal = forecast.start(ofCall: calls.history.starts.count)
        #expect(ideal / calls.now >= share, "\(ideal) instead of \(calls.now)")
    }

    @Test("120,000 calls under Mangopay's four windows take little longer than they must, about 26 hours")
    func mangopay() {
        var calls = SharedCalls(Self.mangopay, processes: 1, seed: 26)
        while calls.history.starts.count < 120_000 {
            calls.step(wanting: 16, losing: false, rest: .milliseconds(200))
        }
        var forecast = CallForecast(Self.mangopay)
        let ideal = forecast.start(ofCall: 120_000)
        #expect((25.0...27).contains(calls.now / .seconds(3600)))
        #expect(ideal / calls.now >= 0.99, "\(ideal) instead of \(calls.now)")
        #expect(calls.history.breach(of: Self.mangopay) == nil)
    }

    @Test("two processes get about the same")
    func fairness() {
        var counts = [0, 0]
        var book = CallBook(isPastKnown: true)
        var now = Duration.zero
        var generator = SplitMix64(seed: 3)
        while now < .seconds(200) {
            // Who wakes first is chance.
            for claimant in [0, 1].shuffled(using: &generator) {
                let demand = CallBook.Demand(claimant: UInt64(claimant), calls: 16, limits: Self.sets[1])
                if case .granted(let grant) = book.take(demand, now: now) { counts[claimant] += grant.calls }
            }
            now += .milliseconds(5)
        }
        #expect((0.9...1.1).contains(Double(counts[0]) / Double(counts[1])), "\(counts)")
    }

    @Test("a book whose past is unknown counts every window as used up, once")
    func unknownPast() {
        var book = CallBook(isPastKnown: false)
        let demand = CallBook.Demand(claimant: 1, calls: 10, limits: Self.sets[1])
        #expect(book.take(demand, now: .seconds(5)) == .wait(until: .seconds(15)))
        guard case .granted(let grant) = book.take(demand, now: .seconds(15)) else {
            Issue.record("the longest window is over")
            return
        }
        #expect(grant == .init(calls: 10, closes: .seconds(15) + .milliseconds(20)))
    }

    @Test("a new window knows what a longer one remembers, and takes what a shorter one forgot for used up")
    func newWindows() {
        var book = CallBook(isPastKnown: true)
        func take(_ limits: [CallLimit], _ now: Duration) -> CallBook.Answer {
            book.take(.init(claimant: 1, calls: 4, limits: limits), now: now)
        }
        let ten = CallLimit(calls: 4, length: .seconds(10))
        #expect(take([ten], .seconds(100)) == .granted(.init(calls: 4, closes: .milliseconds(100_050))))
        // Shorter: 4 calls of a moment ago.
        let two = CallLimit(calls: 4, length: .seconds(2))
        guard case .wait(let until) = take([two], .seconds(101)) else {
            Issue.record("the calls are one second old")
            return
        }
        #expect((.seconds(102) ... .seconds(102.2)).contains(until))
        // Longer: before the ten seconds nobody knows.
        let twenty = CallLimit(calls: 100, length: .seconds(20))
        #expect(take([twenty], .seconds(103)) == .wait(until: .seconds(113)))
    }

    @Test("calls that were never started are there again, and only those")
    func givenBack() {
        var book = CallBook(isPastKnown: true)
        let demand = CallBook.Demand(claimant: 1, calls: 50, limits: Self.sets[1])
        guard case .granted(let grant) = book.take(demand, now: .seconds(1)) else {
            Issue.record("an empty book grants")
            return
        }
        #expect(grant.calls == 50)
        book.giveBack(20, closes: grant.closes)
        #expect(
            book.take(demand, now: .seconds(1.5)) == .granted(.init(calls: 20, closes: .milliseconds(1520))))
        book.giveBack(7, closes: .seconds(77))
        guard case .wait = book.take(demand, now: .seconds(1.5)) else {
            Issue.record("leave that was never given cannot be given back")
            return
        }
    }

    @Test("a pause holds for everybody, and over a reboot")
    func pause() {
        var book = CallBook(isPastKnown: true)
        let demand = CallBook.Demand(claimant: 2, calls: 1, limits: [])
        book.pause(until: .seconds(30))
        book.pause(until: .seconds(20))
        #expect(book.take(demand, now: .seconds(10)) == .wait(until: .seconds(30)))
        book = book.shifted(by: .seconds(10))
        #expect(book.take(demand, now: .seconds(1)) == .wait(until: .seconds(20)))
        #expect(book.take(demand, now: .seconds(20)) == .granted(.init(calls: 1, closes: .seconds(21))))
    }

    @Test("what others call lowers what is left, once, and only until the gateway resets")
    func readings() {
        let limit = CallLimit(calls: 100, length: .seconds(10))
        var book = CallBook(isPastKnown: true)
        func room(_ now: Duration) -> Int {
            var copy = book
            let demand = CallBook.Demand(claimant: 1, calls: 1000, limits: [limit])
            guard case .granted(let grant) = copy.take(demand, now: now) else { return 0 }
            return grant.calls
        }
        _ = book.take(.init(claimant: 1, calls: 30, limits: [limit]), now: .seconds(100))
        for _ in 0..<3 {
            book.lower(limit, to: 50, at: .seconds(101), resets: .seconds(108), now: .seconds(101.5))
            #expect(room(.seconds(102)) == 50)
        }
        // It says more than we think: others may have ended, or it has not seen ours yet.
        book.lower(limit, to: 99, at: .seconds(102), resets: .seconds(108), now: .seconds(102))
        #expect(room(.seconds(102)) == 50)
        #expect(room(.seconds(108.1)) == 70)
        #expect(room(.seconds(111)) == 100)
        // Ours ended a moment ago; the reading is from before.
        book.lower(limit, to: 50, at: .seconds(110), resets: .seconds(120), now: .seconds(111))
        #expect(room(.seconds(111)) == 80)
        // Too old to be compared.
        book.lower(limit, to: 0, at: .seconds(50), resets: .seconds(120), now: .seconds(111))
        #expect(room(.seconds(111)) == 80)
    }

    @Test("a reserve leaves its share, and never nothing", arguments: [(2300, 2070), (5, 4), (1, 1)])
    func reserve(calls: Int, left: Int) {
        #expect(
            CallLimit(calls: calls, length: .seconds(1)).reserving(partsPerMillion: 100_000).calls == left)
    }
}

import Pacing
import Testing

@Suite("Pacing")
struct PacingTests {
    @Test("the bounds of the backoff are the table in its comment")
    func bounds() {
        let backoff = Backoff(first: .milliseconds(500), longest: .seconds(60))
        let bounds = (0...7).map { backoff.bound(retry: $0).wholeMilliseconds }
        #expect(bounds == [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000])
        #expect(backoff.bound(retry: 1_000_000) == .seconds(60))
        #expect(backoff.bound(retry: -1) == .milliseconds(500))
    }

    @Test("a delay is drawn from the whole span up to its bound, and the same seed draws the same")
    func jitter() {
        let backoff = Backoff(first: .seconds(1), longest: .seconds(60))
        var generator = SplitMix64(seed: 1)
        var delays: [Duration] = []
        for _ in 0..<2000 { delays.append(backoff.delay(retry: 2, using: &generator)) }
        #expect(delays.allSatisfy { (.zero ... .seconds(4)).contains($0) })
        let tenths = Set(delays.map { Int($0 / .milliseconds(400)) })
        #expect(tenths.isSuperset(of: 0...9))
        var again = SplitMix64(seed: 1)
        #expect(backoff.delay(retry: 2, using: &again) == delays[0])
    }

    @Test("SplitMix64 gives the published numbers for seed 1234567")
    func splitMix() {
        var generator = SplitMix64(seed: 1_234_567)
        let first = (0..<3).map { _ in generator.next() }
        #expect(first == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test(
        "in no span of the window's length do more calls start than its limit",
        arguments: 0..<40 as Range<UInt64>)
    func slidingWindow(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let limit = Int.random(in: 1...60, using: &generator)
        let length = Duration.milliseconds(Int.random(in: 100...5000, using: &generator))
        var window = CallWindow(limit: limit, length: length)
        var now = Duration.seconds(5)
        var starts: [Duration] = []
        if Bool.random(using: &generator) {
            window.fill(now: now)
            #expect(window.room(now: now) == 0)
            #expect(window.opensAt(now: now) == now + length)
        }
        for _ in 0..<3000 {
            let granted = min(Int.random(in: 1...20, using: &generator), window.room(now: now))
            if granted > 0 { window.take(granted, slotCloses: now + window.slot) }
            for _ in 0..<granted {
                // A call may start anywhere in its slot.
                starts.append(now + window.slot * Double.random(in: 0...1, using: &generator))
            }
            let opens = window.opensAt(now: now)
            now = max(opens, now + .milliseconds(Int.random(in: 0...30, using: &generator)))
        }
        starts.sort()
        #expect(starts.count > limit)
        for index in starts.indices.dropFirst(limit) {
            #expect(starts[index] - starts[index - limit] >= length, "seed \(seed)")
        }
    }

    @Test("several windows hold at once", arguments: 0..<10 as Range<UInt64>)
    func severalWindows(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let limits = [(5, Duration.seconds(2)), (12, .seconds(10)), (30, .seconds(60))]
        var windows = CallWindows(limits.map { CallWindow(limit: $0.0, length: $0.1) })
        var now = Duration.zero
        var starts: [Duration] = []
        for _ in 0..<600 {
            if let grant = windows.take(upTo: Int.random(in: 1...8, using: &generator), now: now) {
                for _ in 0..<grant.calls {
                    starts.append(now + (grant.closes - now) * Double.random(in: 0...1, using: &generator))
                }
            }
            now = max(
                windows.opensAt(now: now), now + .milliseconds(Int.random(in: 0...300, using: &generator)))
        }
        starts.sort()
        for (limit, length) in limits {
            for index in starts.indices.dropFirst(limit) {
                #expect(starts[index] - starts[index - limit] >= length, "seed \(seed)")
            }
        }
        #expect(Double(starts.count) / (now / .seconds(60) * 30) > 0.9)
    }

    @Test("a busy window gives nearly all of its rate: the slot's share is the price")
    func rateUsed() {
        var window = CallWindow(limit: 50, length: .seconds(2))
        var now = Duration.zero
        var calls = 0
        while now < .seconds(200) {
            let granted = window.room(now: now)
            if granted > 0 { window.take(granted, slotCloses: now + window.slot) }
            calls += granted
            now = max(window.opensAt(now: now), now + .milliseconds(1))
        }
        #expect(Double(calls) / (50.0 * 100) > 0.97)
        #expect(calls <= 50 * 101)
    }
}

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
}

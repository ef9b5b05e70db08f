import Pacing
import Testing

@Suite("How long so many calls take")
struct CallForecastTests {
    private static let mangopay = CallBookTests.mangopay

    @Test(
        "a call starts when the last window lets it",
        arguments: [
            (1, 0), (2_300, 0), (2_301, 900), (4_501, 1800), (6_800, 1800), (8_801, 3600), (105_600, 42_300),
            (105_601, 86_400), (200_000, 124_200),
        ])
    func mangopay(call: Int, seconds: Int) {
        var forecast = CallForecast(Self.mangopay)
        #expect(forecast.start(ofCall: call) == .seconds(seconds))
    }

    @Test("no window is ever exceeded, and no call could have started earlier")
    func tight() {
        let windows = [
            CallLimit(calls: 3, length: .seconds(2)), .init(calls: 7, length: .seconds(9)),
        ]
        var forecast = CallForecast(windows)
        let starts = (1...200).map { forecast.start(ofCall: $0) }
        for (index, start) in starts.enumerated() {
            for window in windows {
                let inSpan = starts[...index].count { $0 > start - window.length }
                #expect(inSpan <= window.calls)
            }
            let isForced = windows.contains { window in
                index >= window.calls && starts[index - window.calls] + window.length == start
            }
            #expect(isForced || start == (index == 0 ? .zero : starts[index - 1]))
        }
    }

    @Test("the binding limit is the one that alone takes the longest; without limits nothing waits")
    func binding() {
        let forecast = CallForecast(Self.mangopay)
        #expect(forecast.binding(calls: 200_000)?.length == .seconds(86_400))
        #expect(forecast.binding(calls: 9_000)?.length == .seconds(3600))
        #expect(forecast.binding(calls: 2_301)?.length == .seconds(900))
        #expect(forecast.binding(calls: 2_300) == nil)
        var free = CallForecast([])
        #expect(free.start(ofCall: 1_000_000) == .zero)
        #expect(free.binding(calls: 1_000_000) == nil)
    }

    @Test("a limit alone is told without counting: the same as by counting, whatever was used before")
    func alone() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<200 {
            let limit = CallLimit(
                calls: .random(in: 1...20, using: &generator),
                length: .seconds(.random(in: 1...9, using: &generator)))
            var (book, now) = (CallBook(isPastKnown: true), Duration.seconds(100))
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                _ = book.take(.init(claimant: 1, calls: 7, limits: [limit]), now: now)
                now += .milliseconds(Int.random(in: 0...3000, using: &generator))
            }
            var forecast = book.forecast([limit], now: now)
            for call in 1...60 {
                let isHeldUp = forecast.start(ofCall: call) > .zero
                #expect((forecast.binding(calls: call) != nil) == isHeldUp, "call \(call) under \(limit)")
            }
        }
    }

    /// What a run meets in truth is the book itself, a process that takes all it can get.
    @Test("what the book holds is held against the calls to come: within 1 % of what the book then allows")
    func used() {
        let limits = [
            CallLimit(calls: 50, length: .seconds(20)), CallLimit(calls: 120, length: .seconds(100)),
        ]
        var book = CallBook(isPastKnown: true)
        for (calls, at) in [(40, 1000.0), (10, 1003), (40, 1020.5), (30, 1060)] {
            _ = book.take(.init(claimant: 1, calls: calls, limits: limits), now: .seconds(at))
        }
        book.pause(until: .seconds(1063))
        let now = Duration.seconds(1061)
        var forecast = book.forecast(limits, now: now)
        var (time, started) = (now, 0)
        while started < 1000 {
            switch book.take(.init(claimant: 1, calls: 1000 - started, limits: limits), now: time) {
            case .wait(let until): time = until
            case .granted(let grant):
                let expected = forecast.start(ofCall: started + 1) / .seconds(1)
                let real = (time - now) / .seconds(1)
                #expect(abs(expected - real) <= 0.05 + real / 100, "call \(started + 1)")
                started += grant.calls
            }
        }
    }

    @Test("a book whose past is unknown lets nothing start before its windows are over")
    func unknown() {
        let book = CallBook(isPastKnown: false)
        var forecast = book.forecast(Self.mangopay, now: .seconds(7))
        #expect(forecast.start(ofCall: 1) == .seconds(86_400))
        #expect(forecast.binding(calls: 1)?.length == .seconds(86_400))
        #expect(forecast.start(ofCall: 2300) == .seconds(86_400))
        #expect(forecast.start(ofCall: 2301) == .seconds(86_400 + 900))
    }
}

import Pacing
import Testing

@Suite("When a run ends")
struct RunForecastTests {
    /// Sunday, 2026-11-29 22:05:30 UTC.
    private static let sunday = WallTime(seconds: 1_795_989_930)
    private static let limits = CallForecast(CallBookTests.mangopay)

    @Test("it says which window binds, when it ends, and what reads cost")
    func text() {
        // 200,000 calls take 34.5 h, 100,000 take 11 h and a quarter.
        let forecast = RunForecast(calls: 200_000, reads: 100_000, limits: Self.limits, pace: 50)
        #expect(forecast.duration == .seconds(124_200))
        #expect(
            forecast.text(from: Self.sunday)
                == "Tue 08:36 UTC; the 24-hour window binds; without preflight reads Mon 09:21 UTC")
    }

    @Test("where the gateway answers slower than the limits allow, none binds")
    func pace() {
        let forecast = RunForecast(calls: 2_300, reads: 1_150, limits: Self.limits, pace: 0.5)
        #expect(forecast.duration == .seconds(4_600))
        #expect(forecast.binding == nil)
        #expect(forecast.text(from: Self.sunday) == "Sun 23:23 UTC; without preflight reads Sun 22:44 UTC")
    }

    @Test(
        "reads that cannot be left out are not spoken of, nor are they where leaving them out gains nothing")
    func reads() {
        let needed = RunForecast(calls: 2_301, limits: Self.limits, pace: nil)
        #expect(needed.withoutReads == nil)
        #expect(needed.text(from: Self.sunday) == "Sun 22:21 UTC; the 15-minute window binds")
        let free = RunForecast(calls: 2_000, reads: 1_000, limits: Self.limits, pace: nil)
        #expect(free.text(from: Self.sunday) == "Sun 22:06 UTC")
        #expect(RunForecast(calls: 0, limits: Self.limits, pace: 10).duration == .zero)
    }

    @Test("an end that is a week off is named by its date")
    func date() {
        let day = CallForecast([CallLimit(calls: 1, length: .seconds(86_400))])
        let sixDays = RunForecast(calls: 7, limits: day, pace: nil)
        #expect(sixDays.text(from: Self.sunday) == "Sat 22:06 UTC; the 24-hour window binds")
        let week = RunForecast(calls: 8, limits: day, pace: nil)
        #expect(week.text(from: Self.sunday) == "2026-12-06 22:06 UTC; the 24-hour window binds")
    }

    @Test(
        "a length is named in its largest whole unit",
        arguments: [
            (86_400_000, "24-hour", "7/24h"), (900_000, "15-minute", "7/15m"), (90_000, "90-second", "7/90s"),
            (2_000, "2-second", "7/2s"), (250, "250-millisecond", "7/250ms"),
        ])
    func length(milliseconds: Int, length: String, limit: String) {
        let seven = CallLimit(calls: 7, length: .milliseconds(milliseconds))
        #expect(seven.lengthText == length)
        #expect(seven.text == limit)
    }
}

import Pacing
import Testing

@Suite("How long so many calls take")
struct CallForecastTests {
    private static let mangopay = [
        CallForecast.Window(calls: 2_300, length: .seconds(900)), .init(calls: 4_500, length: .seconds(1800)),
        .init(calls: 8_800, length: .seconds(3600)), .init(calls: 105_600, length: .seconds(86_400)),
    ]

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
            CallForecast.Window(calls: 3, length: .seconds(2)), .init(calls: 7, length: .seconds(9)),
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

    @Test("the binding window is the one that alone takes the longest; without windows nothing waits")
    func binding() {
        #expect(CallForecast.binding(Self.mangopay, calls: 200_000)?.length == .seconds(86_400))
        #expect(CallForecast.binding(Self.mangopay, calls: 9_000)?.length == .seconds(3600))
        #expect(CallForecast.binding(Self.mangopay, calls: 2_300) == nil)
        var free = CallForecast([])
        #expect(free.start(ofCall: 1_000_000) == .zero)
    }
}

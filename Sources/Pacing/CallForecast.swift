/// When calls can start at the earliest under several windows at once, if nothing but the windows holds them up.
///
/// In any span of a window's length at most its limit may start, so call `n` starts no earlier than call `n - limit`
/// and the length later, for every window. Taking each call at that moment is the fastest way that keeps them all.
///
/// With 2,300 in 15 min and 8,800 in 1 h:
///
/// | call | starts after |
/// |---|---|
/// | 2,300 | 0 |
/// | 2,301 | 15 min |
/// | 6,901 | 45 min |
/// | 8,801 | 1 h |
public struct CallForecast: Sendable {
    public struct Window: Hashable, Sendable {
        public let calls: Int
        public let length: Duration

        public init(calls: Int, length: Duration) {
            precondition(calls > 0 && length > .zero, "a window needs a positive limit and length")
            self.calls = calls
            self.length = length
        }
    }

    private let windows: [Window]
    /// The starts of the newest calls, as many as the largest window may hold, in a ring.
    private var starts: [Duration]
    private var counted = 0
    private var last: Duration = .zero

    /// Begins with nothing used.
    public init(_ windows: [Window]) {
        self.windows = windows
        starts = Array(repeating: .zero, count: windows.map(\.calls).max() ?? 0)
    }

    /// How long after the first call that one starts.
    /// - Parameter call: from 1; never smaller than the one asked for before.
    public mutating func start(ofCall call: Int) -> Duration {
        precondition(call >= counted, "calls are asked for in order")
        guard !starts.isEmpty else { return .zero }
        while counted < call {
            for window in windows where counted >= window.calls {
                last = max(last, starts[(counted - window.calls) % starts.count] + window.length)
            }
            starts[counted % starts.count] = last
            counted += 1
        }
        return last
    }

    /// The window that alone would take the longest for so many calls; nil when none holds them up.
    public static func binding(_ windows: [Window], calls: Int) -> Window? {
        let alone = windows.map { ($0, $0.length * ((calls - 1) / $0.calls)) }.filter { $0.1 > .zero }
        return alone.max { $0.1 < $1.1 }?.0
    }
}

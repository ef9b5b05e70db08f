/// Capped exponential backoff with full jitter.
///
/// The delay before retry `n` (from 0) is drawn evenly from 0 to `min(longest, first × 2^n)`.
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015, variant "Full Jitter".
///
/// With `first` 500 ms and `longest` 60 s the bounds are:
///
/// | retry | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
/// |---|---|---|---|---|---|---|---|---|
/// | at most | 0.5 s | 1 s | 2 s | 4 s | 8 s | 16 s | 32 s | 60 s |
public struct Backoff: Hashable, Sendable {
    public let first: Duration
    public let longest: Duration

    public init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// The longest delay possible before that retry.
    public func bound(retry: Int) -> Duration {
        // 2^40 × 1 ms is 34 years: past every cap, and far from overflow.
        min(longest, first * (1 << min(max(retry, 0), 40)))
    }

    public func delay(retry: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let microseconds = bound(retry: retry).wholeMilliseconds * 1000
        return .microseconds(Int64.random(in: 0...max(0, microseconds), using: &generator))
    }
}

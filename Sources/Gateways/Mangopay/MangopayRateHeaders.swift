import NIOHTTP1
import Pacing
import Runs

/// Mangopay's rate headers: `x-ratelimit-remaining` and `x-ratelimit-reset` (Unix seconds), a value for each
/// window, as repeated lines or joined by commas.
enum MangopayRateHeaders {
    /// Mangopay has four windows; more than this are no rate headers.
    static let mostWindows = 16
    /// The end of the year 9999: later ones are no times.
    private static let latestSeconds = 253_402_300_799

    /// Empty when a header is missing, one of its values is no number, or the two do not fit together: which
    /// window the rest belongs to could not be told.
    static func read(_ headers: HTTPHeaders) -> [RateReading] {
        let remaining = headers[canonicalForm: "x-ratelimit-remaining"]
        let resets = headers[canonicalForm: "x-ratelimit-reset"]
        guard remaining.count == resets.count, remaining.count <= mostWindows else { return [] }
        var readings: [RateReading] = []
        for (remaining, reset) in zip(remaining, resets) {
            guard let remaining = number(remaining), let reset = number(reset), reset <= latestSeconds else {
                return []
            }
            readings.append(
                RateReading(remaining: remaining, resetsAt: WallTime(seconds: Int64(reset))))
        }
        return readings
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}

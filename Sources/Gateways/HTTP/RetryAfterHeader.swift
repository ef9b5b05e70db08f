import NIOHTTP1
import Pacing
import Runs

/// The header `Retry-After` (RFC 9110, section 10.2.3).
enum RetryAfterHeader {
    /// More is read as this: whoever waits has a bound of its own, far below.
    static let longestSeconds: Int64 = 86_400

    /// Whole seconds or a date; nil when absent, repeated, unreadable or negative.
    static func read(_ headers: HTTPHeaders) -> RetryAfter? {
        let values = headers["retry-after"]
        guard values.count == 1, let value = values.first else { return nil }
        if value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // No number of digits means none.
            guard !value.isEmpty else { return nil }
            return .after(.seconds(min(Int64(value) ?? longestSeconds, longestSeconds)))
        }
        guard let date = HTTPDate.parse(value) else { return nil }
        // Measured by the gateway's own clock where it tells it: ours may be wrong.
        let answered = headers.first(name: "date").flatMap(HTTPDate.parse)
        return answered.map { .after(date.since($0)) } ?? .at(date)
    }
}

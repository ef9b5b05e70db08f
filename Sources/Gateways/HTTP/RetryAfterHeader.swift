import NIOHTTP1
import Pacing
import Runs

/// The header `Retry-After` (RFC 9110, section 10.2.3).
enum RetryAfterHeader {
    /// Longer waits are taken for a mistake of the gateway: a run has better reasons to stop than to sleep.
    static let longestSeconds: Int64 = 86_400

    /// Whole seconds or a date; nil when absent, repeated, unreadable, negative, or further off than
    /// `longestSeconds` (a date is compared with the response's own `Date`, so no clock of ours is needed).
    static func read(_ headers: HTTPHeaders) -> RetryAfter? {
        let values = headers["retry-after"]
        guard values.count == 1, let value = values.first else { return nil }
        if value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            guard let seconds = Int64(value), seconds <= longestSeconds else { return nil }
            return .after(.seconds(seconds))
        }
        guard let date = HTTPDate.parse(value) else { return nil }
        if let answered = headers.first(name: "date").flatMap(HTTPDate.parse),
            date.since(answered) > .seconds(longestSeconds)
        {
            return nil
        }
        return .at(date)
    }
}

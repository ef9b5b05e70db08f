/// A limit of an account: at most `calls` start in any span of `length`.
public struct CallLimit: Hashable, Sendable {
    /// At least 1.
    public let calls: Int
    /// At least 1 ms.
    public let length: Duration

    public init(calls: Int, length: Duration) {
        precondition(
            calls > 0 && length >= .milliseconds(1), "a limit allows a call in a millisecond or more")
        self.calls = calls
        self.length = length
    }

    /// What is ours when a share is left for other traffic on the account: rounded down, at least one call.
    ///
    /// | limit | reserve | ours |
    /// |---|---|---|
    /// | 2300 | 10 % | 2070 |
    /// | 5 | 10 % | 4 |
    /// | 1 | 99 % | 1 |
    public func reserving(partsPerMillion: Int) -> CallLimit {
        let (whole, rest) = calls.quotientAndRemainder(dividingBy: 1_000_000)
        let share = 1_000_000 - partsPerMillion
        return CallLimit(calls: max(1, whole * share + rest * share / 1_000_000), length: length)
    }
}

extension CallLimit {
    /// As a configuration has it: `105600/24h`, `2300/15m`, `50/2s`, `10/250ms`.
    public var text: String {
        let (number, unit) = lengthIn(("h", "m", "s", "ms"))
        return "\(calls)/\(number)\(unit)"
    }

    /// `24-hour`, `15-minute`, `2-second`, `250-millisecond`
    public var lengthText: String {
        let (number, unit) = lengthIn(("hour", "minute", "second", "millisecond"))
        return "\(number)-\(unit)"
    }

    /// In the largest unit that it is a whole number of.
    private func lengthIn(_ names: (String, String, String, String)) -> (Int64, String) {
        let milliseconds = length.wholeMilliseconds
        let units: [(Int64, String)] = [(3_600_000, names.0), (60_000, names.1), (1000, names.2)]
        let (size, name) = units.first { milliseconds % $0.0 == 0 } ?? (1, names.3)
        return (milliseconds / size, name)
    }
}

extension [CallLimit] {
    /// How long leave to call is good for: a two-hundredth of the shortest window, from 20 ms to 1 s.
    ///
    /// Leave counts from its opening to its close plus the window, so a slot of `s` costs `s / (s + length)` of a
    /// window's rate: 2 % of a second, 0.1 % of 15 minutes. It must last for the commit of an attempt.
    public var slot: Duration {
        guard let shortest = self.map(\.length).min() else { return .seconds(1) }
        return Swift.min(Swift.max(.milliseconds(20), shortest / 200), .seconds(1))
    }
}

/// How many calls a run still needs and when it ends: by the account's limits or by the gateway's own pace, whichever
/// takes longer. As if nobody else called for the account.
public struct RunForecast: Hashable, Sendable {
    public let calls: Int
    /// From now to the last call.
    public let duration: Duration
    /// The limit that sets the time; nil when none does.
    public let binding: CallLimit?
    /// The duration without the reads before acting; nil where there are none that could be left out.
    public let withoutReads: Duration?

    public init(calls: Int, duration: Duration, binding: CallLimit?, withoutReads: Duration? = nil) {
        self.calls = calls
        self.duration = duration
        self.binding = binding
        self.withoutReads = withoutReads
    }

    /// - Parameters:
    ///   - calls: all that are still to be made.
    ///   - reads: those among them that `preflight: never` would spare; 0 where that is not allowed.
    ///   - limits: what the account's limits leave from now on.
    ///   - pace: calls a second that the gateway answers when no limit holds them up; nil when nobody knows.
    public init(calls: Int, reads: Int = 0, limits: CallForecast, pace: Double?) {
        let (time, isLimited) = Self.time(calls, limits, pace)
        self.init(
            calls: calls, duration: time, binding: isLimited ? limits.binding(calls: calls) : nil,
            withoutReads: reads > 0 ? Self.time(calls - reads, limits, pace).time : nil)
    }

    private static func time(
        _ calls: Int, _ limits: CallForecast, _ pace: Double?
    ) -> (time: Duration, isLimited: Bool) {
        var limits = limits
        let byLimits = calls > 0 ? limits.start(ofCall: calls) : .zero
        let byPace = pace.map { $0 > 0 ? Duration.seconds(Double(calls) / $0) : .zero } ?? .zero
        return (max(byLimits, byPace), byLimits >= byPace)
    }

    /// For people, times in UTC: `Tue 14:10; the 24-hour window binds; without preflight reads Mon 22:40`.
    public func text(from now: WallTime) -> String {
        var parts = [endText(from: now)]
        if let binding { parts.append("the \(binding.lengthText) window binds") }
        if let withoutReads, withoutReads < duration {
            parts.append(
                "without preflight reads \(UTCText.minute(now.advanced(by: withoutReads), seenFrom: now))")
        }
        return parts.joined(separator: "; ")
    }

    /// When it ends: `Tue 14:10`, or `2026-12-08 14:10` when that is a week off.
    public func endText(from now: WallTime) -> String {
        UTCText.minute(now.advanced(by: duration), seenFrom: now)
    }
}

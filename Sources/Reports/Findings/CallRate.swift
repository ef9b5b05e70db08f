import Pacing
import Runs

/// How fast a run called its gateway, from its first start to its end. Times at which it stood still between
/// two executions count too.
package struct CallRate: Hashable, Sendable {
    package let calls: Int
    package let milliseconds: Int64

    /// nil for a run that was never started or is not over.
    init?(_ run: RunRecord) {
        guard let started = run.startedAt, let ended = run.endedAt else { return nil }
        calls = run.calls.changes + run.calls.reads
        milliseconds = max(0, ended.since(started).wholeMilliseconds)
    }

    /// With two decimals, rounded down; nil for a run that took no time.
    ///
    ///     9 calls in 7757 ms → 1.16
    package var perSecond: String? {
        guard milliseconds > 0 else { return nil }
        let hundredths = Int64(calls) * 100_000 / milliseconds
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    /// `7.757`
    package var seconds: String {
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}

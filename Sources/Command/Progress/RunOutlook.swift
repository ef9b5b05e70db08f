import Instructions
import Pacing
import Runs

/// What a run under way still needs: calls, and how long they take by the account's limits or by the pace so far.
struct RunOutlook {
    private var rows = 0
    private var preflight = RunRules.Preflight.always
    /// Rows that were settled when the execution began.
    private var before: [Outcome: Int] = [:]
    private(set) var settled: [Outcome: Int] = [:]
    private var limited: Limited?

    /// What the limits alone say.
    private struct Limited {
        let allowed: CallForecast
        /// When they were asked (monotonic clock).
        let at: Duration
        /// What this execution had taken by then.
        let taken: Int
        /// From then to the end.
        var forecast: RunForecast
    }

    mutating func note(_ event: RunEvent, of run: RunRecord) {
        rows = run.rows
        preflight = run.rules.preflight
        switch event {
        case .began(let counts):
            before = counts
            settled = counts
        case .settled(let settlement): add([settlement.outcome: 1])
        case .allowance(let allowed, let time):
            limited = Limited(
                allowed: allowed, at: time, taken: estimate.taken(preflight),
                forecast: RunForecast(calls: callsLeft, limits: allowed, pace: nil))
        case .outageBegan, .outageEnded, .paused, .waitsForRun, .staysUnconfirmed, .willLapse, .stopping:
            break
        }
    }

    mutating func add(_ more: [Outcome: Int]) { settled.merge(more, uniquingKeysWith: +) }

    var done: Int { settled.values.reduce(0, +) }

    /// By the rows of this execution.
    private var estimate: CallEstimate {
        CallEstimate(settled: settled.merging(before) { $0 - $1 })
    }

    private var callsLeft: Int { estimate.calls(rows: max(0, rows - done), preflight) }

    /// Once rows take other calls than was thought by a two-hundredth, the end moves.
    private mutating func followEstimate() {
        guard let known = limited else { return }
        let calls = estimate.taken(preflight) - known.taken + callsLeft
        guard abs(calls - known.forecast.calls) * 200 > calls else { return }
        limited?.forecast = RunForecast(calls: calls, limits: known.allowed, pace: nil)
    }

    /// - Parameter rowsPerSecond: the pace where no limit holds it up; nil when nobody knows.
    /// - Returns: nil while neither limits nor pace are known, and when nothing is left.
    mutating func forecast(at now: Duration, rowsPerSecond: Double?) -> RunForecast? {
        followEstimate()
        let left = rows - done
        let pace = rowsPerSecond.flatMap { $0 > 0 ? $0 : nil }
        guard left > 0, limited != nil || pace != nil else { return nil }
        let byLimits = limited.map { max(.zero, $0.at + $0.forecast.duration - now) } ?? .zero
        let byPace = pace.map { Duration.seconds(Double(left) / $0) } ?? .zero
        let isLimited = byLimits > .zero && byLimits >= byPace
        guard isLimited || pace != nil else { return nil }
        return RunForecast(
            calls: callsLeft, duration: max(byLimits, byPace),
            binding: isLimited ? limited?.forecast.binding : nil)
    }
}

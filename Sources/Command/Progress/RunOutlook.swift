import Instructions
import Pacing
import Runs

/// What a run under way still needs: calls, and how long they take by the account's limits or by the pace so far.
struct RunOutlook {
    private var rows = 0
    private var sparesReads = false
    /// Rows that were settled when the execution began.
    private var before: [Outcome: Int] = [:]
    private(set) var settled: [Outcome: Int] = [:]
    /// What the limits alone say, and when they were asked (monotonic clock).
    private var limited: (forecast: RunForecast, at: Duration)?

    mutating func note(_ event: RunEvent, of run: RunRecord) {
        rows = run.rows
        sparesReads = run.rules.preflight == .never
        switch event {
        case .began(let counts):
            before = counts
            settled = counts
        case .settled(let settlement): settled[settlement.outcome, default: 0] += 1
        case .allowance(let allowed, let time):
            limited = (RunForecast(calls: callsLeft, limits: allowed, pace: nil), time)
        case .outageBegan, .outageEnded, .paused, .waitsForRun, .staysUnconfirmed, .willLapse, .stopping:
            break
        }
    }

    var done: Int { settled.values.reduce(0, +) }

    /// By what the rows of this execution took so far: a row that a read settled takes no other call.
    private var callsLeft: Int {
        let left = max(0, rows - done)
        if sparesReads { return left }
        let now = Outcome.allCases.map {
            (outcome: $0, rows: settled[$0, default: 0] - before[$0, default: 0])
        }
        let all = now.reduce(0) { $0 + $1.rows }
        let readOnly = now.filter { [.alreadyApplied, .rejected].contains($0.outcome) }.reduce(0) {
            $0 + $1.rows
        }
        guard all > 0 else { return 2 * left }
        return Int((Double(left) * Double(2 * all - readOnly) / Double(all)).rounded(.up))
    }

    /// - Parameter rowsPerSecond: the pace where no limit holds it up; nil when nobody knows.
    /// - Returns: nil while neither limits nor pace are known, and when nothing is left.
    func forecast(at now: Duration, rowsPerSecond: Double?) -> RunForecast? {
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

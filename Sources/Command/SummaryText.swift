import Instructions
import Reports
import Runs

/// A run's summary for people.
enum SummaryText {
    static func lines(_ summary: Summary) -> [String] {
        let run = summary.run
        var lines = ["\(run.name): \(state(summary))"]
        lines.append(
            "  \(counted(run.rows, "row")) of \(run.input.name), account \(run.accountName): \(counts(summary))"
        )
        for sum in summary.sums {
            let group =
                "  \(sum.action?.rawValue ?? "(no action)") \(sum.currency?.code ?? "(amount unknown)") \(sum.outcome.rawValue)"
            lines.append("\(group): \(counted(sum.rows, "row"))\(amounts(sum))")
        }
        let calls = run.calls
        lines.append(
            "  calls: \(calls.changes) money-changing (\(calls.retries) repeated), \(calls.reads) reads")
        for row in summary.unconfirmed.prefix(shownUnconfirmed) {
            lines.append("  not confirmed: row \(row.row), intent \(row.intentID), key \(row.key)")
        }
        let unconfirmed = summary.counts[.unconfirmed] ?? 0
        if unconfirmed > shownUnconfirmed {
            lines.append(
                "  and \(unconfirmed - shownUnconfirmed) more not confirmed; the results file has them all")
        }
        return lines
    }

    private static let shownUnconfirmed = 20

    static func counts(_ summary: Summary) -> String {
        var parts: [String] = []
        for outcome in Outcome.allCases {
            guard let count = summary.counts[outcome], count > 0 else { continue }
            parts.append("\(count) \(outcome.rawValue)")
        }
        if summary.open > 0 { parts.append("\(summary.open) open") }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    private static func state(_ summary: Summary) -> String {
        guard let reason = summary.run.stoppedBy, !summary.run.state.isOver else {
            return summary.run.state.rawValue
        }
        return "\(summary.run.state.rawValue) by \(reason.rawValue)"
    }

    private static func amounts(_ sum: OutcomeSum) -> String {
        guard let currency = sum.currency else { return "" }
        let asked = Money(minorUnits: sum.asked, currency: currency).majorText
        let applied = Money(minorUnits: sum.applied, currency: currency).majorText
        return ", asked \(asked)" + (sum.outcome == .applied ? ", applied \(applied)" : "")
    }
}

import Instructions
package import Intake
package import Settings

extension CheckRules {
    /// What a job says of its files, nil for a file named by hand, and what the caller says and expects of
    /// this one.
    package init(_ job: JobFile?, reading: ReadingChoice = ReadingChoice(), expected: ControlTotals?) {
        self.init(
            allowedActions: job?.actions ?? Set(Action.allCases),
            reading: reading.applied(to: job?.reading ?? ReadOptions()))
        self.expected = expected
        guard let job else { return }
        if job.onInvalid == .skip { onInvalid = .skip }
        maximum.rows = job.maximum.rows
        maximum.sums = job.maximum.sums
        maximum.invalidPartsPerMillion = job.maximum.invalidPartsPerMillion
        columnsWithoutCards = job.columnsWithoutCards
        needsTotals = job.needsTotals
    }
}

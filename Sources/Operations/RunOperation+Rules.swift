import Instructions
import Intake
import Pacing
import Runs
import Settings

extension RunOperation {
    /// What the run is executed by, frozen with it.
    var rules: RunRules {
        var rules = RunRules(
            assume: place.account.settings.assume, reportsDirectory: reportsDirectory,
            reading: checkRules.reading)
        rules.keyLifetimeMilliseconds = place.account.settings.keyLifetime?.wholeMilliseconds
        rules.needsExternalData = place.account.settings.needsExternalData
        guard let job else { return rules }
        if job.preflight == .never { rules.preflight = .never }
        if let wait = job.pendingWait { rules.pendingWaitMilliseconds = wait.wholeMilliseconds }
        if let attempts = job.attempts { rules.attempts = attempts }
        if let first = job.firstBackoff { rules.firstBackoffMilliseconds = first.wholeMilliseconds }
        if let longest = job.longestBackoff { rules.longestBackoffMilliseconds = longest.wholeMilliseconds }
        if let wait = job.outageWait { rules.outageWaitMilliseconds = wait.wholeMilliseconds }
        rules.stopWhen = job.stopWhen
        rules.maximumSums = job.maximumSums
        if let bound = job.lateBound { rules.lateBoundMilliseconds = bound.wholeMilliseconds }
        if let share = job.retryBudgetPartsPerMillion { rules.retryBudgetPartsPerMillion = share }
        rules.drainMilliseconds = job.drain.wholeMilliseconds
        rules.toleratedRejectedPartsPerMillion = job.tolerance.rejectedPartsPerMillion
        rules.toleratedDeclinedPartsPerMillion = job.tolerance.declinedPartsPerMillion
        rules.archiveDirectory = job.archive
        return rules
    }
}

extension JobFile {
    /// Minor units by currency.
    var maximumSums: [String: Int64] {
        Dictionary(uniqueKeysWithValues: maximum.sums.map { ($0.currency.code, $0.minorUnits) })
    }
}

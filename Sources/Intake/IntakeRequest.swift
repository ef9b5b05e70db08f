package import Instructions
package import Pacing
package import Runs
import Spool

/// What somebody asks to be taken in.
package struct IntakeRequest: Sendable {
    /// The input, as it was named.
    package let path: String
    /// nil for a file named by hand.
    package let job: String?
    /// The account's name in the config, for people.
    package let accountName: String
    package let identity: AccountIdentity
    /// What the file is judged by.
    package var checkRules: CheckRules
    /// Frozen with the run.
    package let rules: RunRules
    /// `user@host`, or what `--by` said.
    package let actor: String
    package let note: String?
    /// Names the run.
    package let now: WallTime
    /// Why this content is to be run although it was run before; nil leaves it at that run.
    package let again: String?

    package init(
        path: String, job: String?, accountName: String, identity: AccountIdentity,
        checkRules: CheckRules, rules: RunRules, actor: String, note: String?, now: WallTime,
        again: String? = nil
    ) {
        self.path = path
        self.job = job
        self.accountName = accountName
        self.identity = identity
        self.checkRules = checkRules
        self.rules = rules
        self.actor = actor
        self.note = note
        self.now = now
        self.again = again
    }
}

/// A claimed input that may run and has no run yet: `Intake.importRows` makes the run, `Intake.discard`
/// lets it go.
package struct CheckedInput: Sendable {
    package let request: IntakeRequest
    package let input: InputRecord
    package let check: CheckResult
    /// nil for the first run of this content.
    package let again: RunAgain?
    let claimed: ClaimedInput
}

/// A claimed input that problems refuse. It has no run and no claim on its content; its snapshot stands until
/// `Intake.discard`, so that a report can give its rows back.
package struct RefusedInput: Sendable {
    package let request: IntakeRequest
    package let input: InputRecord
    package let check: CheckResult
    /// What its run would have been called.
    package let name: String
    let claimed: ClaimedInput
}

/// What became of a file after its claim and check.
package enum ClaimOutcome: Sendable {
    /// The same content has a run for this account identity already; it is imported in full. The input is the one that
    /// was claimed now.
    case existing(RunRecord, InputRecord)
    /// Its control totals are not there yet; nothing of it is kept.
    case waiting(totals: String)
    case refused(RefusedInput)
    /// It can be imported.
    case checked(CheckedInput)
}

/// What became of a file that was to be taken in.
package enum IntakeOutcome: Sendable {
    /// As in `ClaimOutcome`.
    case existing(RunRecord)
    /// A new run in state `ready`.
    case imported(RunRecord, CheckResult)
}

import Instructions
import Intake
import Settings

extension CheckRules {
    /// What a job says of its files; nil for a file named by hand.
    init(_ job: JobFile?) {
        self.init(allowedActions: job?.actions ?? Set(Action.allCases))
    }
}

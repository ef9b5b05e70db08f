import FoundationEssentials
import Instructions
package import Intake
package import Settings

/// Lists every problem of a file without sending anything; needs neither an account nor a state directory.
package enum CheckOperation {
    package static func check(file: String, job: JobFile?) throws -> CheckResult {
        try FileCheck(
            allowedActions: job?.actions ?? Set(Action.allCases),
            temporaryDirectory: FileManager.default.temporaryDirectory.path
        ).check(path: file)
    }
}

import FoundationEssentials
package import Intake
package import Settings

/// Lists every problem of a file without sending anything; needs neither an account nor a state directory.
package enum CheckOperation {
    package static func check(
        file: String, job: JobFile?, reading: ReadingChoice = ReadingChoice(),
        expected: ControlTotals? = nil
    ) throws -> CheckResult {
        try FileCheck(
            rules: CheckRules(job, reading: reading, expected: expected),
            temporaryDirectory: FileManager.default.temporaryDirectory.path
        ).check(path: file)
    }
}

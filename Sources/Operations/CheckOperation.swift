import FoundationEssentials
import Glibc
package import Intake
package import Settings

/// Lists every problem of a file without sending anything; needs neither an account nor a state directory.
package enum CheckOperation {
    package static func check(
        file: String, job: JobFile?, reading: ReadingChoice = ReadingChoice(),
        expected: ControlTotals? = nil
    ) throws -> CheckResult {
        var status = stat()
        if stat(file, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw OperationError(.missing, "\(file) is no regular file, so it is not read")
        }
        return try FileCheck(
            rules: CheckRules(job, reading: reading, expected: expected),
            temporaryDirectory: FileManager.default.temporaryDirectory.path
        ).check(path: file)
    }
}

package import Intake
package import Reports
package import Runs

/// What came of one input or run.
package enum RunResult: Sendable {
    /// Every row has an outcome; the report stands in that directory.
    case finished(Summary, reportDirectory: String)
    /// The execution ended early; the run can be resumed.
    case stopped(Summary, Stop)
    /// The file has errors; nothing was sent. Its path is that in the archive, if it was moved there.
    case refused(file: String, CheckResult, RefusalReport)
    /// The file's control totals are not there yet; it was left where it is.
    case waiting(file: String, totals: String)
    /// This input was run before by that run; nothing was sent.
    case alreadyRun(RunRecord)
    /// The file may still be growing; it was not opened. The reason follows its name.
    case left(path: String, reason: String)
    /// A person was asked and said no; nothing was sent, and the file leaves no run.
    case declined(file: String)

    /// The run's own exit code; a job's input that was run before is nothing to do.
    package func exitCode(forJob: Bool) -> ExitCode {
        switch self {
        case .finished(let summary, _), .stopped(let summary, _):
            summary.exitCode.flatMap { ExitCode(rawValue: Int32($0)) } ?? .internalError
        case .refused(_, _, .failed(let error)): .gravest([.fileRefused, error.exitCode])
        case .refused: .fileRefused
        case .waiting, .left: .success
        case .declined: .interrupted
        case .alreadyRun: forJob ? .success : .alreadyRun
        }
    }
}

/// What became of the report of a refused file.
package enum RefusalReport: Sendable {
    case published(ReportWriter.Published)
    /// The file is refused all the same.
    case failed(OperationError)
}

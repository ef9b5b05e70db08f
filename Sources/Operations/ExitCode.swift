/// How a command ends (contract, section 2). Stable.
package enum ExitCode: Int32, Sendable, CaseIterable {
    /// Every row applied or already applied, or nothing to do.
    case success = 0
    /// Finished; some rows rejected, declined or failed.
    case someNotApplied = 1
    /// Finished; at least one row is unconfirmed.
    case someUnconfirmed = 2
    /// The file was refused; nothing was sent.
    case fileRefused = 3
    /// Stopped itself: too many failures, refused credentials, outage, a bound reached; resumable.
    case stoppedItself = 4
    /// Interrupted by a signal or the deadline; resumable.
    case interrupted = 5
    /// This input has already been run.
    case alreadyRun = 6
    case usage = 64
    /// The input or the run named is missing.
    case missing = 66
    case internalError = 70
    case disk = 74
    /// Another process has it.
    case busy = 75
    /// Configuration or state.
    case configuration = 78

    /// The gravest first, as several runs in one command return one code.
    private static let byGravity: [ExitCode] = [
        .internalError, .disk, .configuration, .busy, .missing, .stoppedItself, .interrupted,
        .someUnconfirmed,
        .fileRefused, .someNotApplied, .alreadyRun, .success,
    ]

    package static func gravest(_ codes: [ExitCode]) -> ExitCode {
        byGravity.first(where: codes.contains) ?? .success
    }
}

/// One thing that was looked at, and how to mend it where it is wrong.
package struct DoctorFinding: Hashable, Sendable {
    package enum Status: String, Sendable {
        case ok
        /// Works, but a person should know.
        case warning
        case error
    }

    /// `configuration`, `state`, `clock`, `account NAME: credentials`.
    package let subject: String
    package let status: Status
    package let message: String
    package let mend: String?
    /// What a run would end with because of it.
    package let exitCode: ExitCode

    private init(
        _ subject: String, _ status: Status, _ message: String, _ mend: String?, _ exitCode: ExitCode
    ) {
        self.subject = subject
        self.status = status
        self.message = message
        self.mend = mend
        self.exitCode = exitCode
    }

    package static func ok(_ subject: String, _ message: String) -> Self {
        Self(subject, .ok, message, nil, .success)
    }

    package static func warning(_ subject: String, _ message: String, mend: String) -> Self {
        Self(subject, .warning, message, mend, .success)
    }

    package static func error(_ subject: String, _ message: String, mend: String, _ exitCode: ExitCode)
        -> Self
    {
        Self(subject, .error, message, mend, exitCode)
    }

    /// What a room threw; its message says what to do.
    package static func error(_ subject: String, _ thrown: any Error, mend: String) -> Self {
        let failure = OperationError.of(thrown)
        return error(subject, failure.message, mend: mend, failure.exitCode)
    }
}

/// Why an operation could not be done, for a person: what happened, what to do, and what to type next.
package struct OperationError: Error, Sendable, CustomStringConvertible {
    package let exitCode: ExitCode
    package let message: String
    /// The next command to type, where there is one.
    package var next: String?

    package init(_ exitCode: ExitCode, _ message: String, next: String? = nil) {
        self.exitCode = exitCode
        self.message = message
        self.next = next
    }

    package var description: String { message }
}

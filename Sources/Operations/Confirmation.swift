package import Intake

/// What a person is asked before a file that was named by hand is run.
package struct Confirmation: Sendable {
    /// As it was named.
    package let file: String
    /// Where calls will go: `openapi.useepay.com`.
    package let host: String
    package let accountName: String
    /// An embedded sandbox: no money moves.
    package let isPractice: Bool
    package let check: CheckResult
}

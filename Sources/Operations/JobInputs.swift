package import Pacing
package import Settings
import Spool

/// The files that a job is to take in at a start.
package struct JobInputs: Sendable {
    /// A file that is left for the next start.
    package struct LeftInput: Hashable, Sendable {
        package let path: String
        /// To follow its name.
        package let reason: String
    }

    /// In name order.
    package let ready: [String]
    package let left: [LeftInput]

    package var isEmpty: Bool { ready.isEmpty && left.isEmpty }

    /// Throws `OperationError`: `.configuration` without the folder, `.missing` without a file where the job says
    /// `when-empty: fail`.
    package init(of job: JobFile, now: WallTime) throws {
        let listing = try Self.listing(job.input, now.milliseconds * 1_000_000)
        ready = listing.ready
        left = listing.left.map { LeftInput(path: $0.path, reason: $0.reason) }
        guard isEmpty, job.whenEmpty == .fail else { return }
        throw OperationError(
            .missing, "no file matches \(job.input), and the job says when-empty: fail",
            next: "put the file there, then: intentbatch run \(job.path)")
    }

    private static func listing(_ input: String, _ now: Int64) throws -> Inbox.Listing {
        do {
            return try Inbox.list(input, now: now)
        } catch {
            guard error.code == .inputMissing else { throw error }
            throw OperationError(.configuration, error.message)
        }
    }
}

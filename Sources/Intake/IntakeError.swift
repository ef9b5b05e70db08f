import Glibc
import Instructions

/// Why a check could not be carried out, apart from what is wrong in the file.
package struct IntakeError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// The temporary files of the check cannot be written.
        case temporaryFile
        /// Rows that were good when the run was made are problems now.
        case rowsNoLongerGood
        /// What was kept of a run's problems cannot be read.
        case keptProblems
    }

    package let code: Code
    /// What happened and what to do.
    package let message: String
    package var description: String { message }

    static func temporaryFile(_ directory: String, _ number: Int32) -> IntakeError {
        let reason = String(cString: strerror(number))
        let message = "The check could not use a temporary file in \(directory): \(reason). Make room there."
        return IntakeError(code: .temporaryFile, message: message)
    }

    static func keptProblems(_ path: String) -> IntakeError {
        IntakeError(
            code: .keptProblems,
            message:
                "The problems of the run's file, \(path), cannot be read. Restore it in the state directory.")
    }

    static func rowsNoLongerGood(_ run: String, _ problem: Problem?) -> IntakeError {
        let place = problem?.row.map { "row \($0)" } ?? "the file"
        let message = """
            The interrupted import of \(run) cannot go on: \(place) was good when it began and now says: \
            \(problem?.message ?? "It is no instruction.") Start it with the job's actions as they were then.
            """
        return IntakeError(code: .rowsNoLongerGood, message: message)
    }
}

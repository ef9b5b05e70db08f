import InstructionFiles
import Spool

/// Why a report was not published. The run itself is not touched by it; `report RUN` writes it again.
package struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// The disk is full or fails.
        case disk
        /// The place of the reports cannot be written or is no directory.
        case place
        /// A report of this run was published before with other content; it is never changed.
        case published
        /// The private copy of the input is missing or damaged.
        case snapshot
        /// Store and snapshot contradict each other: a fault of this program or a damaged state directory.
        case inconsistent
    }

    package let code: Code
    /// What happened and what to do.
    package let message: String
    package var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func publishing(_ run: String, _ cause: SpoolError) -> ReportError {
        let code: Code =
            switch cause.code {
            case .disk: .disk
            case .alreadyPublished: .published
            default: .place
            }
        return ReportError(
            code,
            "The report of \(run) could not be published. \(cause.message) "
                + "Every row's outcome is kept in the state directory: mend that, "
                + "then type `intentbatch report \(run)`.")
    }

    static func publishingRefusal(_ file: String, _ cause: SpoolError) -> ReportError {
        ReportError(
            cause.code == .disk ? .disk : .place,
            "\(file) was refused, but its report could not be published. \(cause.message) "
                + "Nothing was sent. `intentbatch check` lists the problems.")
    }

    static func leftover(_ path: String, reason: String) -> ReportError {
        ReportError(
            .place, "What an unfinished publication left behind could not be replaced: \(path): \(reason).")
    }

    static func differs(_ run: String, _ directory: String, file: String) -> ReportError {
        ReportError(
            .published,
            "The published report of \(run) in \(directory) is not what would be written now: "
                + "\(file) differs. A published report is never changed; "
                + "keep it, and write another one with --reports.")
    }

    static func manifest(_ path: String, _ reason: String) -> ReportError {
        ReportError(
            .published,
            "\(path) cannot be understood (\(reason)), so the report beside it is left as it is. "
                + "Move that directory away to write the report again.")
    }

    static func snapshot(_ path: String, _ cause: any Error) -> ReportError {
        let reason = (cause as? FileReadError)?.message ?? "it is no longer the file that was checked"
        return ReportError(
            .snapshot,
            "The private copy of the input, \(path), cannot be read: \(reason) "
                + "Restore it in the state directory; its name is the SHA-256 of its content.")
    }

    static func inconsistent(_ run: String, _ what: String) -> ReportError {
        ReportError(
            .inconsistent,
            "The state directory contradicts itself about \(run): \(what). No report was published. "
                + "Keep the state directory as it is and report this.")
    }
}

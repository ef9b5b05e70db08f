import Glibc

/// Why a file could not be claimed, published or locked. Thrown before anything half-done becomes visible.
package struct SpoolError: Error, Equatable, Sendable {
    package enum Code: Equatable, Sendable {
        /// No file of that name.
        case inputMissing
        /// A symbolic link, directory, pipe, socket or device instead of a regular file.
        case notRegular
        /// The input is there but may not be read.
        case unreadable
        /// The input was written to while it was copied.
        case changing
        /// The disk is full, over quota, or fails (ENOSPC, EDQUOT, EIO).
        case disk
        /// Another process holds the lock.
        case locked
        /// A place of ours may not be written (EACCES, EPERM, EROFS).
        case permission
        /// A file of that name was published earlier with other content.
        case alreadyPublished
        /// Anything else that the operating system answered; see `errorNumber`.
        case system
    }

    package let code: Code
    /// What happened and what to do.
    package let message: String
    /// The operating system's `errno` behind it, if there was one.
    package let errorNumber: Int32?

    init(_ code: Code, _ message: String, errorNumber: Int32? = nil) {
        self.code = code
        self.message = message
        self.errorNumber = errorNumber
    }
}

extension SpoolError: CustomStringConvertible {
    package var description: String { message }
}

/// The wording, and the one table from `errno` to code.
extension SpoolError {
    /// - Parameter action: what was tried, to follow "Could not": `write`, `create the directory`.
    static func system(_ action: String, _ path: String, _ number: Int32) -> SpoolError {
        let reason = String(cString: strerror(number))
        return switch number {
        case ENOSPC, EDQUOT, EIO:
            SpoolError(
                .disk,
                "Could not \(action) \(path): \(reason). Make room or mend the disk, then start again.",
                errorNumber: number)
        case EACCES, EPERM, EROFS:
            SpoolError(
                .permission, "Could not \(action) \(path): \(reason). Give this user the right to it.",
                errorNumber: number)
        default:
            SpoolError(.system, "Could not \(action) \(path): \(reason).", errorNumber: number)
        }
    }

    /// For opening the input itself, where the same numbers mean something about the file handed in.
    static func input(_ path: String, _ number: Int32) -> SpoolError {
        switch number {
        case ENOENT, ENOTDIR:
            SpoolError(.inputMissing, "There is no file \(path).", errorNumber: number)
        case ELOOP:
            SpoolError(
                .notRegular, "\(path) is a symbolic link; name the file itself.", errorNumber: number)
        case ENXIO:
            notRegular(path, "a socket or device")
        case EACCES, EPERM:
            SpoolError(
                .unreadable, "\(path) may not be read by this user; give it the right to read.",
                errorNumber: number)
        default:
            system("open", path, number)
        }
    }

    static func noFolder(_ path: String) -> SpoolError {
        SpoolError(
            .inputMissing, "There is no folder \(path); make it, or mend the job's input.",
            errorNumber: ENOENT)
    }

    static func notRegular(_ path: String, _ kind: String) -> SpoolError {
        SpoolError(.notRegular, "\(path) is \(kind), not a regular file.")
    }

    static func changing(_ path: String) -> SpoolError {
        SpoolError(
            .changing,
            "\(path) changed while it was copied; wait until it is written in full, then start again.")
    }

    static func locked(_ path: String, holder: String?) -> SpoolError {
        SpoolError(
            .locked, "\(path) is held by \(holder ?? "another process"); wait until it ends, or stop it.")
    }

    static func alreadyPublished(_ path: String) -> SpoolError {
        SpoolError(
            .alreadyPublished,
            "\(path) was published earlier with other content and is never changed; publish a new revision.")
    }
}

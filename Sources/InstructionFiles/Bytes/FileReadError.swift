import Glibc

/// Why a file could not be read.
package struct FileReadError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// It is not there.
        case missing
        /// No permission, or a directory.
        case unreadable
        /// The disk failed.
        case failed
    }

    package let code: Code
    /// What happened and what to do.
    package let message: String
    package var description: String { message }

    init(path: String, errno number: Int32) {
        let reason = String(cString: strerror(number))
        switch number {
        case ENOENT, ENOTDIR:
            code = .missing
            message = "\(path): there is no such file. Check the name."
        case EACCES, EPERM:
            code = .unreadable
            message = "\(path) cannot be read: \(reason). Give this user the right to read it."
        case EISDIR:
            code = .unreadable
            message = "\(path) is a directory. Name a file."
        default:
            code = .failed
            message = "\(path) cannot be read: \(reason)."
        }
    }
}

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

/// Reads a file front to back in chunks, and closes it at the end.
final class FileChunks {
    private let path: String
    private let descriptor: Int32
    private var chunk: [UInt8]

    init(path: String, chunkBytes: Int = 1 << 17) throws(FileReadError) {
        self.path = path
        chunk = [UInt8](repeating: 0, count: chunkBytes)
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileReadError(path: path, errno: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Feeds the next chunk to the scanner, or tells it that there is none.
    func feed(_ scanner: inout CSVScanner) throws(FileReadError) {
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 { return scanner.feed(chunk[..<count]) }
            if count == 0 { return scanner.finish() }
            guard errno == EINTR else { throw FileReadError(path: path, errno: errno) }
        }
    }
}

import Glibc

/// Reads a small text file as a whole: configuration, jobs, secrets.
struct SmallFile {
    let text: String
    /// Permission bits, such as 0o600.
    let mode: UInt32

    /// Why it could not be read, in words.
    struct Fault: Error {
        let reason: String
    }

    /// Refuses what is no regular file, larger than `limit` bytes, or no UTF-8.
    static func read(_ path: String, limit: Int) throws(Fault) -> SmallFile {
        // Not blocking, so that a named pipe in the place of a file is refused and not waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Fault(reason: "cannot be opened: \(systemMessage(errno))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Fault(reason: systemMessage(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Fault(reason: "is not a regular file") }
        guard status.st_size <= limit else {
            throw Fault(reason: "has \(status.st_size) bytes; the limit is \(limit)")
        }
        // One byte more than the limit, so that a file that grows meanwhile is noticed.
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Fault(reason: "cannot be read: \(systemMessage(errno))") }
            if got == 0 { break }
            count += got
        }
        guard count <= limit else { throw Fault(reason: "has more than \(limit) bytes") }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw Fault(reason: "is not UTF-8 text")
        }
        return SmallFile(text: text, mode: UInt32(status.st_mode & 0o7777))
    }

    private static func systemMessage(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}

import Glibc

/// A temporary file without a name, so that nothing is left behind by a crash. It is read and written by
/// place, so that several readers may share it.
final class NamelessFile: Sendable {
    private let descriptor: Int32
    private let directory: String

    /// Throws `IntakeError` with `.temporaryFile`.
    init(in directory: String) throws {
        self.directory = directory
        var path = Array("\(directory)/.check-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw IntakeError.temporaryFile(directory, errno) }
        unlink(path)
        // Not handed to child processes.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws {
        try transfer(bytes.count) { done in
            pwrite(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, place + done)
        }
    }

    /// Fills the buffer; the file must have that many bytes there.
    func read(into bytes: UnsafeMutableRawBufferPointer, at place: Int) throws {
        try transfer(bytes.count) { done in
            pread(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, place + done)
        }
    }

    /// Repeats a call that may move fewer bytes than asked for.
    private func transfer(_ count: Int, _ call: (_ done: Int) -> Int) throws {
        var done = 0
        while done < count {
            let moved = call(done)
            if moved > 0 {
                done += moved
            } else if moved == 0 || errno != EINTR {
                throw IntakeError.temporaryFile(directory, moved == 0 ? EIO : errno)
            }
        }
    }
}

import Glibc

/// A temporary file of entries in pages of one size. It has no name, so that nothing is left behind by a
/// crash.
final class SpillFile {
    /// Entries of one page: 8 KiB.
    static let pageEntries = 256

    private let descriptor: Int32
    private let directory: String
    private var pages = 0

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

    /// Writes a full page and returns its number.
    func append(_ page: [HashEntry]) throws -> Int {
        precondition(page.count == Self.pageEntries, "pages are written full")
        try page.withUnsafeBytes { bytes in
            try transfer(bytes.count, page: pages) { offset, place in
                pwrite(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset, place)
            }
        }
        pages += 1
        return pages - 1
    }

    /// Reads a page behind what the array holds.
    func read(_ page: Int, into entries: inout [HashEntry]) throws {
        let start = entries.count
        entries.append(
            contentsOf: repeatElement(HashEntry(high: 0, low: 0, tag: 0, row: 0), count: Self.pageEntries))
        try entries.withUnsafeMutableBytes { all in
            let bytes = all[(start * MemoryLayout<HashEntry>.stride)...]
            let target = UnsafeMutableRawBufferPointer(rebasing: bytes)
            try transfer(target.count, page: page) { offset, place in
                pread(descriptor, target.baseAddress?.advanced(by: offset), target.count - offset, place)
            }
        }
    }

    /// Repeats a call that may move fewer bytes than asked for.
    private func transfer(
        _ count: Int, page: Int, _ call: (_ done: Int, _ place: Int) -> Int
    ) throws {
        let start = page * Self.pageEntries * MemoryLayout<HashEntry>.stride
        var done = 0
        while done < count {
            let moved = call(done, start + done)
            if moved > 0 {
                done += moved
            } else if moved == 0 || errno != EINTR {
                throw IntakeError.temporaryFile(directory, moved == 0 ? EIO : errno)
            }
        }
    }
}

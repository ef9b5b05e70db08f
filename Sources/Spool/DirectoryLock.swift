import Glibc
import SystemPackage

/// An exclusive advisory lock on a file, held by one process at a time on this machine: released by
/// `release()`, by dropping the last reference, and by the kernel when the process dies in any way.
///
/// Whoever holds it calls `release()` at the end: Swift may drop a reference right after its last use,
/// which would otherwise be the line that took the lock.
///
/// The lock file stays for ever: were it deleted, a second process could lock a new file of that name
/// beside the first. Inside it stands who holds it, for the message to others.
package final class DirectoryLock: Sendable {
    private let file: FileDescriptor

    private init(_ file: FileDescriptor) {
        self.file = file
    }

    deinit {
        try? file.close()
    }

    /// Takes the lock or throws at once, making the file and its directory if they are missing.
    ///
    /// - Throws: `locked`, naming the holder's process, host and start; `permission`, `disk`, `system`.
    package static func acquire(_ path: String) throws(SpoolError) -> DirectoryLock {
        try Files.makeDirectories(Files.parent(of: path), permissions: 0o755)
        var triesLeft = 10
        while true {
            let file = try Files.open(
                path, .readWrite, .create, permissions: 0o644,
                orThrow: { .system("open the lock", path, $0) })
            let lock = DirectoryLock(file)
            triesLeft -= 1
            if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 {
                let locked = try Files.status(of: file, path)
                // Against the rule somebody deleted the file between opening and locking: take the new one.
                if let standing = Files.status(at: path), standing.inode == locked.inode {
                    try lock.writeHolder(path)
                    return lock
                }
            } else if errno != EWOULDBLOCK {
                throw .system("lock", path, errno)
            }
            guard triesLeft > 0 else { throw .locked(path, holder: lock.readHolder()) }
            // `isHeld` takes the lock for microseconds; a true holder is still there after 20 ms.
            usleep(2000)
        }
    }

    /// Lets others take the lock. May be called more than once.
    package func release() {
        flock(file.rawValue, LOCK_UN)
    }

    /// Whether some process, this one included, holds the lock now. A missing or unreadable file is held by
    /// nobody.
    package static func isHeld(_ path: String) -> Bool {
        guard let file = try? Files.open(path, .readOnly, orThrow: { .system("open", path, $0) }) else {
            return false
        }
        defer { try? file.close() }
        // Shared, so that two who ask at once do not take each other for a holder.
        return flock(file.rawValue, LOCK_SH | LOCK_NB) != 0
    }

    // MARK: Who holds it

    private func writeHolder(_ path: String) throws(SpoolError) {
        let line = "process \(getpid()) on \(Self.host()) since \(Self.now())\n"
        guard ftruncate(file.rawValue, 0) == 0 else { throw .system("write", path, errno) }
        try Array(line.utf8).withUnsafeBufferPointer { bytes throws(SpoolError) in
            try Files.write(UnsafeRawBufferPointer(bytes), to: file, path)
        }
    }

    /// The line that the holder wrote; nil when it is writing it just now, or is another program.
    private func readHolder() -> String? {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = bytes.withUnsafeMutableBytes { pread(file.rawValue, $0.baseAddress, $0.count, 0) }
        guard count > 0, bytes[count - 1] == UInt8(ascii: "\n") else { return nil }
        let line = String(decoding: bytes[..<(count - 1)], as: UTF8.self)
        return line.hasPrefix("process ") ? line : nil
    }

    private static func host() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown host" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// UTC to the second, `2026-11-20T21:00:00Z`.
    private static func now() -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
        return "\(date)T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))Z"
    }
}

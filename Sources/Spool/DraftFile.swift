import Crypto
import Glibc
import SystemPackage

/// A file written under a temporary name, counted and hashed as it goes, that gets its real name only when
/// whole and synced. Dropped before that, it is removed.
///
/// Its writer holds an advisory lock on it, so that what a crash left behind (nobody holds it) can be told
/// from what another process is writing at this moment.
final class DraftFile {
    private(set) var byteCount: Int64 = 0
    private let path: String
    private let file: FileDescriptor
    private var hash = SHA256()
    private var isPublished = false

    /// Creates the file and locks it; an existing file of that name is refused.
    init(at path: String, permissions: mode_t) throws(SpoolError) {
        self.path = path
        var attempts = 0
        while true {
            let file = try Files.open(
                path, .readWrite, [.create, .exclusiveCreate], permissions: permissions,
                orThrow: { .system("create", path, $0) })
            // Between creating and locking, a sweep may have taken it for a leftover and removed it.
            if flock(file.rawValue, LOCK_EX) == 0, try Files.status(of: file, path).linkCount > 0 {
                self.file = file
                return
            }
            unlink(path)
            try? file.close()
            attempts += 1
            guard attempts < 10 else { throw .system("lock", path, EAGAIN) }
        }
    }

    deinit {
        if !isPublished { unlink(path) }
        try? file.close()
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(SpoolError) {
        try Files.write(bytes, to: file, path)
        hash.update(bufferPointer: bytes)
        byteCount += Int64(bytes.count)
    }

    /// Of everything appended so far.
    var sha256: String {
        Digest.hex(hash.finalize())
    }

    /// Syncs the content, gives the file its name in the same directory, and syncs the directory. Replaces
    /// what stood there; callers decide before whether they may.
    func publish(as name: String) throws(SpoolError) {
        try Files.sync(file, path)
        let directory = Files.parent(of: path)
        try Files.rename(path, to: directory + "/" + name)
        isPublished = true
        try Files.syncDirectory(directory)
    }

    /// Removes drafts that no living process is writing.
    ///
    /// - Parameter isDraft: judges a name in the directory.
    static func removeLeftovers(in directory: String, where isDraft: (String) -> Bool) throws(SpoolError) {
        for name in try Files.names(in: directory) where isDraft(name) {
            let path = directory + "/" + name
            // Gone meanwhile, or not ours to open: then it is not ours to remove.
            guard let file = try? Files.open(path, .readOnly, orThrow: { .system("open", path, $0) }) else {
                continue
            }
            if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
            try? file.close()
        }
    }
}

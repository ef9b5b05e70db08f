import Glibc

/// An input taken over: a private copy of its content, and what identifies the very file it came from.
package struct ClaimedInput: Equatable, Sendable {
    /// The private copy, `<sha256>.input`; the only one to be read from now on.
    package let snapshotPath: String
    /// Of the content, 64 lower-case hexadecimal digits.
    package let sha256: String
    package let byteCount: Int64
    /// The path as it was handed in.
    package let originalPath: String
    package let device: UInt64
    package let inode: UInt64
    /// Since 1970, as the file system keeps it.
    package let modificationTimeNanoseconds: Int64

    /// Whether the original path still holds the very file that was claimed, unwritten since; only then may
    /// it be archived.
    package var isOriginalInPlace: Bool {
        guard let now = Files.status(at: originalPath) else { return false }
        return now.foreignKind == nil && now.device == device && now.inode == inode
            && now.byteCount == byteCount && now.modificationTimeNanoseconds == modificationTimeNanoseconds
    }

    /// Removes the private copy for good, as for a file refused because of card numbers. A copy that is gone
    /// already is no error.
    package func deleteSnapshot() throws(SpoolError) {
        guard unlink(snapshotPath) == 0 || errno == ENOENT else {
            throw .system("delete", snapshotPath, errno)
        }
        try Files.syncDirectory(Files.parent(of: snapshotPath))
    }
}

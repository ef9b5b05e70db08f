import Glibc
import SystemPackage

/// Takes over an input file so that nobody can change it under a run.
package enum Claim {
    /// Bytes copied at a time; the memory that a claim needs, whatever the file's size.
    static let chunkSize = 256 * 1024

    /// Copies a regular file into a directory of private snapshots while hashing it.
    ///
    /// The snapshot (mode 0600) appears whole under `<sha256>.input` or not at all; the same content claimed
    /// again gives the same path. The directory is made (0700) if it is missing, and what a crash left
    /// half-copied there is removed.
    ///
    /// - Throws: `inputMissing`, `notRegular` (a symbolic link is not followed), `unreadable` and `changing`
    ///   about the input; `disk`, `permission` and `system` about both places.
    package static func claim(
        path: String, into directory: String
    ) throws(SpoolError) -> ClaimedInput {
        try claim(path: path, into: directory, afterChunk: {})
    }

    /// - Parameter afterChunk: called between reading two chunks, for tests that write to the input then.
    static func claim(
        path: String, into directory: String, afterChunk: () -> Void
    ) throws(SpoolError) -> ClaimedInput {
        // Without waiting: opening a pipe would block until somebody writes.
        let input = try Files.open(path, .readOnly, .nonBlocking, orThrow: { .input(path, $0) })
        defer { try? input.close() }
        let before = try Files.status(of: input, path)
        if let kind = before.foreignKind { throw .notRegular(path, kind) }

        try Files.makeDirectories(directory, permissions: 0o700)
        try DraftFile.removeLeftovers(in: directory, where: isDraft)
        let draft = try DraftFile(at: directory + "/" + draftName(), permissions: 0o600)
        try copy(input, path, to: draft, afterChunk: afterChunk)

        // The modification time moves with the first write after each look at it, so an equal time and size
        // mean an equal file, up to the clock's tick (some milliseconds) and writers who set it back.
        let after = try Files.status(of: input, path)
        guard after.byteCount == before.byteCount, draft.byteCount == before.byteCount,
            after.modificationTimeNanoseconds == before.modificationTimeNanoseconds
        else { throw .changing(path) }

        let sha256 = draft.sha256
        let name = sha256 + ".input"
        // A snapshot of that name can only hold the same content, or be damaged: replacing it is right.
        try draft.publish(as: name)
        return ClaimedInput(
            snapshotPath: directory + "/" + name, sha256: sha256, byteCount: before.byteCount,
            originalPath: path, device: before.device, inode: before.inode,
            modificationTimeNanoseconds: before.modificationTimeNanoseconds)
    }

    private static func copy(
        _ input: FileDescriptor, _ path: String, to draft: DraftFile, afterChunk: () -> Void
    ) throws(SpoolError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try Files.read(input, into: buffer, path)
            if count == 0 { return }
            try draft.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            afterChunk()
        }
    }

    private static func draftName() -> String {
        ".claim-\(getpid())-\(UInt64.random(in: 0 ... .max)).tmp"
    }

    private static func isDraft(_ name: String) -> Bool {
        name.hasPrefix(".claim-") && name.hasSuffix(".tmp")
    }
}

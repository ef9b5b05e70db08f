import SystemPackage

/// A file on its way to being published: counted and hashed as it is written, visible only after
/// `commit()`. Dropped before that, nothing of it remains.
package final class PublishedFile {
    /// What a manifest says of a published file.
    package struct Receipt: Equatable, Sendable {
        package let name: String
        package let byteCount: Int64
        /// 64 lower-case hexadecimal digits.
        package let sha256: String
    }

    /// Appended bytes are gathered up to this size, so that rows may be appended one by one.
    private static let bufferSize = 64 * 1024

    /// The name it will have.
    package let name: String
    private let directory: String
    private var draft: DraftFile?
    private var buffer: [UInt8] = []

    init(name: String, directory: String, draft: DraftFile) {
        self.name = name
        self.directory = directory
        self.draft = draft
        buffer.reserveCapacity(2 * Self.bufferSize)
    }

    /// Takes more content. Traps after `commit()`.
    package func append(_ bytes: [UInt8]) throws(SpoolError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Syncs the content, gives the file its name and syncs the directory. To be called once.
    ///
    /// A file of that name with the same content is left as it is, so that a publication cut short can be
    /// made again.
    /// - Throws: `alreadyPublished` when one stands there with other content, `disk`, `permission`, `system`.
    package func commit() throws(SpoolError) -> Receipt {
        try flush()
        let draft = openDraft
        self.draft = nil
        let receipt = Receipt(name: name, byteCount: draft.byteCount, sha256: draft.sha256)
        let path = "\(directory)/\(name)"
        if Files.status(at: path) != nil {
            guard try holds(path, receipt) else { throw .alreadyPublished(path) }
            // The earlier commit may have been cut off between naming and syncing.
            try Files.syncDirectory(directory)
        } else {
            try draft.publish(as: name)
        }
        return receipt
    }

    private var openDraft: DraftFile {
        guard let draft else { preconditionFailure("a committed file takes no more content") }
        return draft
    }

    private func flush() throws(SpoolError) {
        let draft = openDraft
        try buffer.withUnsafeBufferPointer { bytes throws(SpoolError) in
            try draft.append(UnsafeRawBufferPointer(bytes))
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Whether the regular file at a path has exactly this content.
    private func holds(_ path: String, _ receipt: Receipt) throws(SpoolError) -> Bool {
        let file = try Files.open(path, .readOnly, .nonBlocking, orThrow: { .system("open", path, $0) })
        defer { try? file.close() }
        let status = try Files.status(of: file, path)
        guard status.foreignKind == nil, status.byteCount == receipt.byteCount else { return false }
        return try Digest.sha256Hex(of: file, path) == receipt.sha256
    }
}

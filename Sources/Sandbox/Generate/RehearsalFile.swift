import Glibc

/// A file that is written in pieces of 64 KiB, so that memory does not grow with the rows.
struct RehearsalFile: ~Copyable {
    private let path: String
    private let descriptor: OwnedDescriptor
    private var pending: [UInt8] = []

    init(_ path: String) throws(SandboxError) {
        guard let opened = OwnedDescriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644) else {
            throw .cannotUse(.rehearsal, "write", path, reason: systemReason())
        }
        self.path = path
        descriptor = opened
    }

    static func makeDirectory(_ path: String) throws(SandboxError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .cannotUse(.rehearsal, "make the directory", path, reason: systemReason())
        }
    }

    mutating func append(_ text: String) throws(SandboxError) {
        pending += text.utf8
        if pending.count >= 64 * 1024 { try flush() }
    }

    consuming func finish() throws(SandboxError) {
        try flush()
    }

    private mutating func flush() throws(SandboxError) {
        guard writeAll(pending, to: descriptor.raw) else {
            throw .cannotUse(.rehearsal, "write", path, reason: systemReason())
        }
        pending.removeAll(keepingCapacity: true)
    }
}

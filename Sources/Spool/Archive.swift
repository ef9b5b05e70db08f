import Glibc
import SystemPackage

/// Moves an input that is done with out of the way: only the very file that was claimed.
package enum Archive {
    package enum Outcome: Hashable, Sendable {
        case moved(to: String)
        /// Another file stands there by now, or it was written to. To follow its name.
        case stays(reason: String)
        /// Nothing stands there.
        case gone
    }

    /// Moves the file when it has that inode and content, under its own name or, where that is taken, the next free
    /// one: `in.csv`, `in-2.csv`. The folder is made when missing. Between file systems it is copied, then removed.
    ///
    /// - Throws: `disk`, `permission`, `system` about either place.
    package static func move(
        _ path: String, inode: UInt64, sha256: String, into folder: String
    ) throws(SpoolError) -> Outcome {
        guard let standing = Files.status(at: path) else { return .gone }
        guard standing.inode == inode, standing.foreignKind == nil else { return .stays(reason: replaced) }
        let file = try Files.open(path, .readOnly, .nonBlocking, orThrow: { .system("open", path, $0) })
        defer { try? file.close() }
        guard try Files.status(of: file, path).inode == inode else { return .stays(reason: replaced) }
        guard try Digest.sha256Hex(of: file, path) == sha256 else {
            return .stays(reason: "it was written to after it was claimed")
        }
        return try move(path, file, inode, into: folder)
    }

    /// Moves what stands beside a claimed file, such as its control totals, when nothing changed it since then.
    ///
    /// - Parameters:
    ///   - name: the name it gets; a file of that name is not replaced.
    ///   - claimedAt: nanoseconds since 1970.
    package static func moveCompanion(
        _ path: String, unchangedSince claimedAt: Int64, into folder: String, as name: String
    ) throws(SpoolError) -> Outcome {
        guard let standing = Files.status(at: path) else { return .gone }
        guard standing.foreignKind == nil, standing.changeTimeNanoseconds <= claimedAt else {
            return .stays(reason: "it changed after the file was claimed")
        }
        let file = try Files.open(path, .readOnly, .nonBlocking, orThrow: { .system("open", path, $0) })
        defer { try? file.close() }
        return try move(path, file, standing.inode, into: folder, names: [name])
    }

    private static let replaced = "another file was put in its place after it was claimed"
    /// As many inputs of one name are told apart in one folder.
    private static let longestCount = 100_000

    private static func move(
        _ path: String, _ file: FileDescriptor, _ inode: UInt64, into folder: String,
        names: [String]? = nil
    ) throws(SpoolError) -> Outcome {
        try Files.makeDirectories(folder, permissions: 0o755)
        let name = String(path.split(separator: "/").last ?? "input")
        for number in 1...longestCount {
            if let names, number > names.count { return .stays(reason: "\(folder) has one of that name") }
            let target = "\(folder)/\(names?[number - 1] ?? self.name(name, number))"
            // A second name never replaces anything, and can be taken back.
            let fault = link(path, target) == 0 ? 0 : errno
            switch fault {
            case 0:
                guard Files.status(at: target)?.inode == inode, Files.status(at: path)?.inode == inode else {
                    unlink(target)
                    return .stays(reason: replaced)
                }
                guard unlink(path) == 0 else { throw .system("remove", path, errno) }
            case EEXIST: continue
            case EXDEV:
                if Files.status(at: target) != nil { continue }
                return try copy(path, file, inode, to: target)
            case EPERM, EOPNOTSUPP:
                // No second names on this file system, or for files of others (proc_sys_fs(5), protected_hardlinks).
                if Files.status(at: target) != nil { continue }
                try Files.rename(path, to: target)
            default: throw .system("move to the archive", path, fault)
            }
            try Files.syncDirectory(folder)
            try Files.syncDirectory(Files.parent(of: path))
            return .moved(to: target)
        }
        return .stays(reason: "\(folder) has \(longestCount) of that name")
    }

    /// `in.csv`, `in-2.csv`, `in-2.csv.gz`.
    static func name(_ name: String, _ number: Int) -> String {
        guard number > 1 else { return name }
        let stem = name.prefix { $0 != "." }
        return "\(stem)-\(number)\(name.dropFirst(stem.count))"
    }

    private static func copy(
        _ path: String, _ file: FileDescriptor, _ inode: UInt64, to target: String
    ) throws(SpoolError) -> Outcome {
        guard lseek(file.rawValue, 0, SEEK_SET) == 0 else { throw .system("read", path, errno) }
        let draft = try DraftFile(
            at: "\(Files.parent(of: target))/.archive.tmp-\(getpid())", permissions: 0o600)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try Files.read(file, into: buffer, path)
            if count == 0 { break }
            try draft.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        try draft.publish(as: String(target.split(separator: "/").last ?? ""))
        guard Files.status(at: path)?.inode == inode else { return .stays(reason: replaced) }
        guard unlink(path) == 0 else { throw .system("remove", path, errno) }
        try Files.syncDirectory(Files.parent(of: path))
        return .moved(to: target)
    }
}

import Glibc

/// The files that a job's `input` names, its last part with or without wildcards (contract, section 3, "Claim").
package enum Inbox {
    /// A file that is left for the next start.
    package struct LeftFile: Hashable, Sendable {
        package let path: String
        /// To follow its name: `its name ends in .part: it is still being written`.
        package let reason: String

        package init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    package struct Listing: Hashable, Sendable {
        /// In name order, byte by byte.
        package var ready: [String] = []
        package var left: [LeftFile] = []

        package var isEmpty: Bool { ready.isEmpty && left.isEmpty }
    }

    /// A file that matches a pattern and changed more recently than this may still be growing.
    package static let settlingSeconds: Int64 = 60

    /// Whether the last part of a path has wildcards: `*`, `?`, `[`.
    package static func isPattern(_ path: String) -> Bool {
        path.contains(where: "*?[".contains)
    }

    /// Why a file of that name is not taken in yet; nil when it is.
    package static func reasonToLeave(_ path: String) -> String? {
        let name = path.split(separator: "/").last ?? ""
        if name.hasPrefix(".") { return "its name begins with a dot: it is hidden or still being written" }
        let ending = [".part", ".tmp", ".filepart"].first { name.hasSuffix($0) }
        return ending.map { "its name ends in \($0): it is still being written" }
    }

    /// The files that match, but for folders and `.totals.json` files beside other ones. Nothing is opened: what is no
    /// regular file is refused by its claim.
    ///
    /// - Parameter now: nanoseconds since 1970.
    /// - Throws: `inputMissing` when there is no such folder; `permission`, `system`.
    package static func list(_ path: String, now: Int64) throws(SpoolError) -> Listing {
        let folder = Files.parent(of: path)
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .noFolder(folder)
        }
        let pattern = String(path.split(separator: "/").last ?? "")
        guard isPattern(pattern) else {
            var listing = Listing()
            guard Files.status(at: path) != nil else { return listing }
            listing.take(path, changedAt: nil, now: now)
            return listing
        }
        var listing = Listing()
        let names = try Files.names(in: folder).filter { fnmatch(pattern, $0, 0) == 0 }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let path = folder == "/" ? "/" + name : "\(folder)/\(name)"
            guard !name.hasSuffix(".totals.json"), let status = Files.status(at: path),
                status.foreignKind != FileStatus.directory
            else { continue }
            listing.take(path, changedAt: status.modificationTimeNanoseconds, now: now)
        }
        return listing
    }
}

extension Inbox.Listing {
    /// - Parameter changedAt: nil for a file that is named in full, whose age is its owner's business.
    fileprivate mutating func take(_ path: String, changedAt: Int64?, now: Int64) {
        if let reason = Inbox.reasonToLeave(path) {
            left.append(Inbox.LeftFile(path: path, reason: reason))
            return
        }
        let settling = Inbox.settlingSeconds * 1_000_000_000
        // A time to come says nothing about growth; the claim itself refuses what changes while it is copied.
        if let changedAt, (now - settling..<now + settling).contains(changedAt) {
            let reason = "it changed in the last \(Inbox.settlingSeconds) s"
            left.append(Inbox.LeftFile(path: path, reason: reason))
        } else {
            ready.append(path)
        }
    }
}

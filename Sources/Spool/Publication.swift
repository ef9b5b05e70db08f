import Glibc

/// A directory in which files are published whole or not at all, and never changed afterwards.
///
/// One owner at a time; who publishes holds the lock of its run.
package struct Publication: Sendable {
    /// The final directory, `REPORTS/RUN`.
    package let directory: String

    /// Makes the directory and those above it (0755 less the umask), and removes what a crash left
    /// half-written there.
    package init(directory: String) throws(SpoolError) {
        self.directory = directory
        try Files.makeDirectories(directory, permissions: 0o755)
        try DraftFile.removeLeftovers(in: directory, where: Self.isDraft)
    }

    /// Makes sure that a file can be written in the directory, making it if it is missing, so that this is known
    /// before there is anything to publish. Leaves no file behind.
    package static func checkWritable(_ directory: String) throws(SpoolError) {
        try Files.makeDirectories(directory, permissions: 0o755)
        let probe = try DraftFile(at: "\(directory)/.probe.tmp-\(getpid())", permissions: 0o600)
        try PublishedFile(name: "probe", directory: directory, draft: probe).append([0])
    }

    /// Begins a file under a temporary name; it appears under its own with `commit()`.
    ///
    /// - Parameter name: a plain file name; a path traps.
    package func create(_ name: String) throws(SpoolError) -> PublishedFile {
        precondition(
            !name.isEmpty && !name.contains("/") && name != "." && name != "..",
            "a published file's name is a plain file name")
        let draft = try DraftFile(
            at: "\(directory)/.\(name).tmp-\(getpid())",
            permissions: 0o644)
        return PublishedFile(name: name, directory: directory, draft: draft)
    }

    /// Whether a file of that name was published.
    package func fileExists(_ name: String) -> Bool {
        Files.status(at: "\(directory)/\(name)") != nil
    }

    /// `.NAME.tmp-PID`
    private static func isDraft(_ name: String) -> Bool {
        let withoutPID = String(name.reversed().drop { $0.isASCII && $0.isNumber }.reversed())
        return name.hasPrefix(".") && withoutPID != name && withoutPID.hasSuffix(".tmp-")
    }
}

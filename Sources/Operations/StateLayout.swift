import FoundationEssentials
import Spool

/// Where things lie below the state directory.
package struct StateLayout: Sendable {
    /// Absolute.
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// Private copies of claimed inputs.
    package var inputs: String { directory + "/inputs" }

    /// Reports of runs for which nobody named another folder.
    package var defaultReports: String { directory + "/reports" }

    /// Held by the process that works on the run.
    package func runLock(_ runName: String) -> String { "\(directory)/locks/\(runName).lock" }

    /// Runs that were ever executed here, by their locks, which are never deleted. A run is in the store before
    /// it has one.
    var runsWorkedOn: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory + "/locks")) ?? []
        // A run's name begins with the moment of its import: 20261120T020001Z-.
        return files.filter {
            $0.hasSuffix(".lock") && $0.dropFirst(8).hasPrefix("T") && $0.dropFirst(15).hasPrefix("Z-")
        }
        .map { String($0.dropLast(5)) }
    }

    /// There from before a run's first call until its report is published, so that a report that a crash or a full
    /// disk prevented is made up for, and one that a person moved away is not.
    func unreported(_ runName: String) -> String { "\(directory)/unreported/\(runName)" }

    func isUnreported(_ runName: String) -> Bool {
        FileManager.default.fileExists(atPath: unreported(runName))
    }

    /// Throws `OperationError`.
    func markUnreported(_ runName: String) throws {
        let path = unreported(runName)
        if isUnreported(runName) { return }
        try prepare(folderOf: path)
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw OperationError(
                .disk, "cannot make \(path) in the state directory; make room or mend the disk")
        }
    }

    func markReported(_ runName: String) { try? FileManager.default.removeItem(atPath: unreported(runName)) }

    /// The ledger of an embedded sandbox: one for each intents file and gateway.
    package func sandboxLedger(gateway: String, intents: String) -> String {
        let stem =
            intents.split(separator: "/").last.map { $0.split(separator: ".").first ?? $0 } ?? "intents"
        let hash = Digest.base32Hash(gateway + "\n" + intents, characters: 8).lowercased()
        return "\(directory)/sandbox/\(gateway)-\(stem)-\(hash).ledger.ndjson"
    }

    /// Makes the folder of a file below the state directory, private to its user.
    /// Throws `OperationError` with `.configuration`.
    package func prepare(folderOf path: String) throws {
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw OperationError(
                .configuration,
                "cannot make \(folder) in the state directory; make that writable, or name another with --state"
            )
        }
    }
}

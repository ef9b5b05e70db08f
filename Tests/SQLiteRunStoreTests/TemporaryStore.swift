import Foundation
import Runs
import SQLiteRunStore
import TestSupport

/// A state directory that is removed with its last user.
final class TemporaryStore: Sendable {
    let directory: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        directory = folder.path + "/state"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: (directory as NSString).deletingLastPathComponent)
    }

    var database: String { directory + "/intentbatch.sqlite" }

    func open(
        machineID: String? = "this-machine", busyTimeout: Duration = .seconds(10), worked: [String] = []
    ) throws -> SQLiteStore {
        try SQLiteStore(
            directory: directory,
            facts: ProcessFacts(machineID: machineID, bootID: "boot", host: "host", pid: 7),
            busyTimeout: busyTimeout, worked: worked, isExecuting: RunStoreConformance.isExecuting)
    }

    /// The code and message that opening is refused with; nil when it opens.
    func refusal(machineID: String? = "this-machine") -> RunStoreError? {
        do {
            try open(machineID: machineID).close()
            return nil
        } catch {
            return error as? RunStoreError
        }
    }
}

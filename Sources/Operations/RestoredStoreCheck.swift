import FoundationEssentials
import Instructions
import Reports
import SQLiteRunStore

/// A state directory that was restored from a backup has forgotten runs, and could send their rows again. It is known
/// by a published report of the account that the store does not know (resolving.md, section 4).
enum RestoredStoreCheck {
    /// Throws `OperationError` with `.configuration`.
    static func check(
        _ reportsDirectory: String, _ identity: AccountIdentity, _ store: SQLiteStore
    ) async throws {
        let reported = (try? FileManager.default.contentsOfDirectory(atPath: reportsDirectory)) ?? []
        guard !reported.isEmpty else { return }
        let known = try await store.namesOfEndedRuns()
        for name in reported.sorted() where !known.contains(name) {
            guard Manifest.identity(inReport: "\(reportsDirectory)/\(name)") == identity.text else {
                continue
            }
            throw OperationError(
                .configuration,
                """
                the report \(reportsDirectory)/\(name) says that this run of the account ended, and the store \
                \(store.path) does not know of it: the state directory is another one, or was restored from a backup. \
                Rows that ran since could take effect twice. Put the newest state directory back. If it is lost for \
                good, compare what is handed in now with that report, then move the report to another folder
                """)
        }
    }
}

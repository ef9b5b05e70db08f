import Intake
import Pacing
import Reports
import Runs
import SQLiteRunStore

extension StateLayout {
    /// Publishes the report of a run that is over and notes in the audit that it stands. Its caller holds the run's lock.
    ///
    /// - Parameter reports: another folder than the one the run was given.
    func publish(
        _ run: RunRecord, in store: SQLiteStore, reports: String? = nil, by requester: Requester
    ) async throws -> ReportWriter.Published {
        let published = try await ReportWriter.publish(run, in: store, reports: reports)
        markReported(run.name)
        var entry = AuditEntry(
            .reported, at: SystemTimekeeper().now().wall, actor: requester.name, note: requester.note,
            run: run.name)
        entry.detail = published.directory
        try await store.note(entry)
        return published
    }
}

extension ReportWriter {
    /// The one way a report is written: where the run was told to, unless another folder is named.
    static func publish(
        _ run: RunRecord, in store: SQLiteStore, reports: String?
    ) async throws -> Published {
        try await ReportWriter(history: store, reportsDirectory: reports ?? run.rules.reportsDirectory)
            .publish(run, facts: .init(version: releaseVersion), problems: KeptProblems(of: run))
    }
}

package import Pacing
package import Reports
import Runs
import SQLiteRunStore
package import Settings

/// What a run that is not over still needs, by its account's limits as they are configured now.
package struct Outlook: Sendable {
    /// Less what is left for other traffic on the account.
    package let limits: [CallLimit]
    package let forecast: RunForecast
    /// When it was asked.
    package let at: WallTime
}

extension RunsLookup {
    /// nil for a run that is over. Nothing is called.
    package func outlook(of summary: Summary, under settings: AccountSettings) async throws -> Outlook? {
        guard !summary.run.state.isOver else { return nil }
        let calls = CallEstimate(settled: summary.counts)
            .calls(rows: summary.open, summary.run.rules.preflight)
        let limits = settings.callLimits
        let allowed = try await allowed(limits, summary.run.identity, isPractice: settings.sandbox != nil)
        return Outlook(
            limits: limits, forecast: RunForecast(calls: calls, limits: allowed, pace: nil),
            at: SystemTimekeeper().now().wall)
    }

    /// By what all processes have called so far.
    private func allowed(
        _ limits: [CallLimit], _ identity: String, isPractice: Bool
    ) async throws -> CallForecast {
        guard !limits.isEmpty else { return CallForecast([]) }
        let book = try await AccountBudget.book(
            of: identity, isPractice: isPractice, state, store, SystemTimekeeper())
        defer { try? book.close() }
        return try await book.update { book, now in book.forecast(limits, now: now.monotonic) }
    }
}

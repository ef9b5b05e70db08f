package import Instructions
package import Pacing

/// Rows of one action, currency and outcome, with their sums.
package struct OutcomeSum: Hashable, Sendable {
    /// nil for rejected rows whose action cannot be read.
    package let action: Action?
    /// nil where the amount was never resolved.
    package let currency: Currency?
    package let outcome: Outcome
    package let rows: Int
    /// Minor units.
    package let asked: Int64
    /// Minor units.
    package let applied: Int64

    package init(
        action: Action?, currency: Currency?, outcome: Outcome, rows: Int, asked: Int64, applied: Int64
    ) {
        self.action = action
        self.currency = currency
        self.outcome = outcome
        self.rows = rows
        self.asked = asked
        self.applied = applied
    }
}

/// The reading side of the store: what reports and people ask for.
package protocol RunHistory: Sendable {
    /// Newest first.
    func runs() async throws -> [RunRecord]
    /// By name or unique prefix. Throws `RunStoreError` with `.noSuchRun` or `.ambiguousName`.
    func run(named prefix: String) async throws -> RunRecord
    /// Settled rows by outcome, kept current by every commit.
    func sums(of run: RunRecord) async throws -> [OutcomeSum]
    /// Settled rows after that row, in row order; no read transaction outlives the call.
    func settlements(of run: RunRecord, after row: Int, limit: Int) async throws -> [Settlement]
    /// The same rows for a report, which reads a million of them.
    func settledPage(of run: RunRecord, after row: Int, limit: Int) async throws -> SettledPage
    /// The attempts of one row, oldest first.
    func attempts(of run: RunRecord, row: Int) async throws -> [Attempt]
    /// The intents of some of its rows; rows that it does not have, or whose id could not be read, are left out.
    func intentIDs(of run: RunRecord, rows: [Int]) async throws -> [Int: String]
    /// How many attempts were opened in each of that many stretches of time, one after the other from `start`
    /// on; those before and after are counted in the first and the last.
    func attemptCounts(
        of run: RunRecord, from start: WallTime, every milliseconds: Int64, stretches: Int
    ) async throws -> [Int]
}

extension RunHistory {
    package func settledPage(of run: RunRecord, after row: Int, limit: Int) async throws -> SettledPage {
        SettledPage(try await settlements(of: run, after: row, limit: limit))
    }
}

/// Why the store refused, for people.
package struct RunStoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// Disk full or failing.
        case disk
        /// Another process holds the database.
        case busy
        /// The database is damaged, of a newer schema, or from another machine.
        case unusable
        /// Another run has this input.
        case inputTaken
        case noSuchRun
        case ambiguousName
        /// The caller broke a rule of the store, such as settling a row twice: a bug. Nothing was written.
        case internalFault
    }

    package let code: Code
    /// What happened and what to do.
    package let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

package import Instructions
package import Runs

/// One run in counts and sums, finished or not, or a refused file: `summary.json`, `summary.html`, and what
/// `--output json` prints.
package struct Summary: Sendable {
    /// A row that a person must look at.
    package struct UnconfirmedRow: Hashable, Sendable {
        package let row: Int
        package let intentID: String
        /// The key of its last attempt.
        package let key: String
    }

    /// More unconfirmed rows than this are only counted; the results file has them all.
    package static let listedAtMost = 1_000

    package let run: RunRecord
    /// Sorted by action, currency and outcome; groups without rows are left out.
    package let sums: [OutcomeSum]
    /// In row order, at most `listedAtMost`.
    package let unconfirmed: [UnconfirmedRow]
    package let warnings: [String]
    /// Set while the report is written; nil for a run that has none yet.
    package var findings: ReportFindings?
    /// Set for a file that was refused; `run` then is only what would have been one.
    let isRefused: Bool

    package init(
        run: RunRecord, sums: [OutcomeSum], unconfirmed: [UnconfirmedRow], warnings: [String]
    ) {
        self.init(run: run, sums: sums, unconfirmed: unconfirmed, warnings: warnings, isRefused: false)
    }

    init(
        run: RunRecord, sums: [OutcomeSum], unconfirmed: [UnconfirmedRow], warnings: [String],
        isRefused: Bool
    ) {
        self.isRefused = isRefused
        self.run = run
        self.sums = sums.filter { $0.rows > 0 }.sorted { Self.sortKey($0) < Self.sortKey($1) }
        self.unconfirmed = unconfirmed
        self.warnings = warnings
    }

    /// Computed from the store. Rows are read only when some are unconfirmed.
    package static func of(
        _ run: RunRecord, in history: any RunHistory, warnings: [String]
    ) async throws -> Summary {
        let sums = try await history.sums(of: run)
        let count = sums.filter { $0.outcome == .unconfirmed }.reduce(0) { $0 + $1.rows }
        var listed: [UnconfirmedRow] = []
        var pages = SettledPages(of: run, in: history)
        let wanted = min(count, listedAtMost)
        while listed.count < wanted, let page = try await pages.next() {
            for (row, key) in page.unconfirmed.prefix(wanted - listed.count) {
                let attempt = try await history.attempts(of: run, row: row).last
                listed.append(
                    UnconfirmedRow(
                        row: row, intentID: attempt?.intentID ?? "", key: key ?? attempt?.key ?? ""))
            }
        }
        return Summary(run: run, sums: sums, unconfirmed: listed, warnings: warnings)
    }

    /// All seven outcomes.
    package var counts: [Outcome: Int] {
        var counts: [Outcome: Int] = [:]
        for outcome in Outcome.allCases { counts[outcome] = 0 }
        for sum in sums { counts[sum.outcome, default: 0] += sum.rows }
        return counts
    }

    package var settled: Int { counts.values.reduce(0, +) }

    /// The run's state, or `refused`.
    package var state: String { isRefused ? "refused" : run.state.rawValue }

    /// Rows without an outcome.
    package var open: Int { max(0, run.rows - settled) }

    /// Whether the seven outcomes add up to the rows.
    package var ties: Bool { settled == run.rows }

    /// The contract's exit code of this run; nil while it is under way or was found dead.
    package var exitCode: Int? {
        if isRefused { return 3 }
        return switch run.state {
        case .finished, .abandoned: Self.exitCode(of: counts, tolerating: run.rules)
        case .stopped: run.stoppedBy.map(Self.exitCode)
        case .importing, .ready, .running: nil
        }
    }

    /// Of a run that is over: 2 when a person must look, 1 when more rows are not as they asked than the job
    /// tolerates, else 0.
    package static func exitCode(of counts: [Outcome: Int], tolerating rules: RunRules = RunRules()) -> Int {
        if counts[.unconfirmed, default: 0] > 0 { return 2 }
        let rows = counts.values.reduce(0, +)
        func isTolerated(_ count: Int, _ partsPerMillion: Int) -> Bool {
            // Rows are far fewer than 2^43, so the product stays within 64 bits.
            count * 1_000_000 <= partsPerMillion * rows
        }
        return counts.contains { outcome, count in
            switch outcome {
            case .applied, .alreadyApplied: false
            case .rejected: !isTolerated(count, rules.toleratedRejectedPartsPerMillion)
            case .declined: !isTolerated(count, rules.toleratedDeclinedPartsPerMillion)
            case .failed, .unconfirmed, .notSent: count > 0
            }
        } ? 1 : 0
    }

    /// Of a run that stopped early: 4 when it stopped itself, 5 when it was interrupted.
    package static func exitCode(of reason: StopReason) -> Int {
        switch reason {
        case .failures, .credentials, .outage, .limit: 4
        case .signal, .deadline, .person: 5
        }
    }

    private static func sortKey(_ sum: OutcomeSum) -> String {
        let outcome = Outcome.allCases.firstIndex(of: sum.outcome) ?? 0
        return "\(sum.action?.rawValue ?? "none") \(sum.currency?.code ?? "none") \(outcome)"
    }
}

extension SettledPage {
    /// The rows that a person must look at, with their keys.
    fileprivate var unconfirmed: [(row: Int, key: String?)] {
        var found: [(row: Int, key: String?)] = []
        forEach { settled in
            guard settled.facts.outcome == .unconfirmed else { return }
            found.append((settled.facts.row, settled.key.map { String(decoding: $0, as: UTF8.self) }))
        }
        return found
    }
}

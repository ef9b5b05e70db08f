import Runs

/// Reads the settled rows of a run in order, a page at a time, so that neither memory nor a read transaction
/// grows with the run.
struct SettledPages {
    /// Rows of one page.
    static let pageSize = 1_000

    private let history: any RunHistory
    private let run: RunRecord
    private var lastRow = 0
    private var isOver = false

    init(of run: RunRecord, in history: any RunHistory) {
        self.history = history
        self.run = run
    }

    /// The next settled rows; nil at the end.
    mutating func next() async throws -> SettledPage? {
        guard !isOver else { return nil }
        let page = try await history.settledPage(of: run, after: lastRow, limit: Self.pageSize)
        // A full page may be followed by another one; a shorter one is the last.
        isOver = page.count < Self.pageSize
        lastRow = page.lastRow ?? lastRow
        return page
    }
}

import Runs

/// Reads the settled rows of a run in order, a page at a time, so that neither memory nor a read transaction
/// grows with the run.
struct SettlementPages {
    /// Rows of one page.
    static let pageSize = 1_000

    private let history: any RunHistory
    private let run: RunRecord
    private var page: ArraySlice<Settlement> = []
    private var lastRow = 0
    private var isOver = false

    init(of run: RunRecord, in history: any RunHistory) {
        self.run = run
        self.history = history
    }

    /// The next settled row; nil at the end.
    mutating func next() async throws -> Settlement? {
        if page.isEmpty, !isOver {
            let read = try await history.settlements(of: run, after: lastRow, limit: Self.pageSize)
            // A full page may be followed by another one; a shorter one is the last.
            isOver = read.count < Self.pageSize
            lastRow = read.last?.row ?? lastRow
            page = read[...]
        }
        return page.popFirst()
    }
}

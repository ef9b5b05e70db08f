import InstructionFiles
import Instructions
import Runs
import Spool

/// `STEM.results.csv.gz` (or `.ndjson.gz`), one row in, one row out, in input order; and the resubmit file, those
/// of them that are known not to have taken effect. Both are written as the input is.
///
/// Snapshot and store are read in step; memory is one record, one page of settled rows and the writers'
/// buffers. This is the hot path of a report: a row is put together once, from bytes that lie where the scanner
/// and the page have them, into memory that the next row takes again.
struct RowFiles {
    private let run: RunRecord
    private let history: any RunHistory
    private var records: InputRecords
    private let writer: RowWriter
    private var cells: ResultCells
    private let results: PackedFile
    private let resubmit: PackedFile
    private var written = Written()

    /// What was written.
    struct Written {
        /// Rows by outcome, to be compared with the store's counters; of those that there are.
        var counts: [Outcome: Int] = [:]
        var resubmitRows = 0
        var parents = ParentTally()
    }

    /// Begins files that the caller commits.
    ///
    /// - Parameter records: the snapshot's, from the start.
    init(
        _ run: RunRecord, in history: any RunHistory, _ records: InputRecords, results: PublishedFile,
        resubmit: PublishedFile
    ) {
        self.run = run
        self.history = history
        self.records = records
        writer = RowWriter(like: records.dialect)
        cells = ResultCells(run: run.name, decimal: records.dialect.decimal, to: writer.records)
        self.results = PackedFile(results)
        self.resubmit = PackedFile(resubmit)
    }

    /// Writes all rows. To be called once; throws `ReportError`, `SpoolError` and what the history throws.
    mutating func write() async throws -> Written {
        let header = try records.header()
        try writer.begin(results, header)
        try writer.begin(resubmit, header)
        var pages = SettledPages(of: run, in: history)
        while let page = try await pages.next() { try write(page) }
        if let row = try records.next() { throw inconsistent(row.record.row, settled: nil) }
        try results.finish()
        try resubmit.finish()
        return written
    }

    private mutating func write(_ page: SettledPage) throws {
        // Outcomes come in stretches, so that the dictionary is seldom asked.
        var (outcome, count) = (Outcome.applied, 0)
        let writer = self.writer
        try page.forEach { settled in
            guard let row = try records.next() else {
                throw ReportError.inconsistent(run.name, "row \(settled.facts.row) is not in the input")
            }
            guard row.record.row == settled.facts.row else {
                throw inconsistent(row.record.row, settled: settled.facts.row)
            }
            if settled.facts.outcome != outcome {
                note(outcome, count)
                (outcome, count) = (settled.facts.outcome, 0)
            }
            count += 1
            if let parent = row.record.lineage { written.parents.add(parent.run) }
            let text = writer.row(row) { cells.add(settled, line: row.record.line) }
            try results.append(text)
            if Self.mayRunAgain(outcome, isDuplicate: settled.hasCode(Self.duplicateCode)) {
                written.resubmitRows += 1
                try resubmit.append(text)
            }
        }
        note(outcome, count)
    }

    private mutating func note(_ outcome: Outcome, _ count: Int) {
        if count > 0 { written.counts[outcome, default: 0] += count }
    }

    private func inconsistent(_ row: Int, settled: Int?) -> ReportError {
        let found = settled.map { "row \($0)" } ?? "nothing"
        return .inconsistent(run.name, "the input's row \(row) has no outcome, \(found) comes next")
    }

    /// Whether a row is known not to have taken effect and may be handed in again. A duplicate may not: the
    /// row that it repeats stands for it.
    static func mayRunAgain(_ outcome: Outcome, isDuplicate: @autoclosure () -> Bool) -> Bool {
        switch outcome {
        case .rejected: !isDuplicate()
        case .declined, .failed, .notSent: true
        case .applied, .alreadyApplied, .unconfirmed: false
        }
    }

    /// Of the rule over the file and of the one over the intent's state alike.
    static let duplicateCode = "duplicate"
}

extension SettledRow {
    fileprivate func hasCode(_ text: String) -> Bool { code?.elementsEqual(text.utf8) ?? false }
}

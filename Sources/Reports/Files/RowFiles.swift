import InstructionFiles
import Instructions
import Runs
import Spool

/// `STEM.results.csv.gz` (or `.ndjson.gz`), one row in, one row out, in input order; and the resubmit file, those
/// of them that are known not to have taken effect. Both are written as the input is.
///
/// Snapshot and store are read in step; memory is one record, one page of settlements and the writers'
/// buffers.
struct RowFiles {
    let run: RunRecord
    let history: any RunHistory

    /// What was written.
    struct Written {
        /// Rows by outcome, to be compared with the store's counters.
        var counts: [Outcome: Int] = [:]
        var resubmitRows = 0
        var parents = ParentTally()
    }

    /// Writes all rows to files that the caller commits.
    ///
    /// - Parameter records: the snapshot's, from the start.
    /// - Throws: `ReportError`, `SpoolError` and what the history throws.
    func write(
        _ records: InputRecords, results: PublishedFile, resubmit: PublishedFile
    ) async throws -> Written {
        var records = records
        let dialect = records.dialect
        var results = RowWriter(results, like: dialect)
        var resubmit = RowWriter(resubmit, like: dialect)
        var settlements = SettlementPages(of: run, in: history)
        var written = Written()
        let header = try records.header()
        try results.begin(header)
        try resubmit.begin(header)
        while let row = try records.next() {
            let record = row.record
            let settlement = try await settlements.next()
            guard let settlement, settlement.row == record.row else {
                let found = settlement.map { "row \($0.row)" } ?? "nothing"
                throw ReportError.inconsistent(
                    run.name, "the input's row \(record.row) has no outcome, \(found) comes next")
            }
            written.counts[settlement.outcome, default: 0] += 1
            if let parent = record.lineage { written.parents.add(parent.run) }
            let cells = ResultColumns.cells(
                of: settlement, line: record.line, run: run.name, decimal: dialect.decimal)
            try results.append(row, cells)
            if Self.mayRunAgain(settlement.outcome, code: settlement.code) {
                written.resubmitRows += 1
                try resubmit.append(row, cells)
            }
        }
        if let settlement = try await settlements.next() {
            throw ReportError.inconsistent(run.name, "row \(settlement.row) is not in the input")
        }
        try results.finish()
        try resubmit.finish()
        return written
    }

    /// Whether a row is known not to have taken effect and may be handed in again. A duplicate may not: the
    /// row that it repeats stands for it.
    static func mayRunAgain(_ outcome: Outcome, code: String?) -> Bool {
        switch outcome {
        case .rejected: code != duplicateCode
        case .declined, .failed, .notSent: true
        case .applied, .alreadyApplied, .unconfirmed: false
        }
    }

    /// Of the rule over the file and of the one over the intent's state alike.
    static let duplicateCode = "duplicate"
}

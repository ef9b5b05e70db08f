import InstructionFiles
import Instructions
import Pacing
import Spool

/// What is said of one row of a refused file.
struct RefusedRow: Hashable {
    let outcome: Outcome
    let code: String
    let message: String

    static let notSent = RefusedRow(
        outcome: .notSent, code: "file_refused",
        message: "other rows of the file have errors; nothing was sent"
    )

    /// A duplicate counts as that whatever else is wrong with it; else the first problem speaks.
    init(_ problems: [Problem]) {
        guard let first = problems.first(where: { $0.code == RowFiles.duplicateCode }) ?? problems.first
        else {
            self = .notSent
            return
        }
        self.init(outcome: .rejected, code: first.code, message: "\(first.message) \(first.mend)")
    }

    private init(outcome: Outcome, code: String, message: String) {
        self.outcome = outcome
        self.code = code
        self.message = message
    }
}

/// Hands out the errors of each row to a walk over the rows; memory is the errors of one row.
struct RefusedVerdicts {
    private var problems: any ProblemReader
    private var ahead: Problem?

    init(_ problems: any ProblemReader) throws {
        self.problems = problems
        ahead = try self.problems.next()
    }

    /// What is said of that row; to be asked for rising rows.
    mutating func verdict(on row: Int) throws -> RefusedRow {
        var errors: [Problem] = []
        while let problem = ahead, problem.row ?? 0 <= row {
            if problem.row == row, problem.severity == .error { errors.append(problem) }
            ahead = try problems.next()
        }
        return RefusedRow(errors)
    }
}

/// `STEM.resubmit.csv.gz` of a refused file: every row but the duplicates.
struct RefusedRows {
    private let run: String
    private let time: WallTime
    private var verdicts: RefusedVerdicts

    init(run: String, time: WallTime, problems: any ProblemReader) throws {
        self.run = run
        self.time = time
        verdicts = try RefusedVerdicts(problems)
    }

    /// The number of rows that were written to the file, which the caller commits.
    mutating func write(_ records: InputRecords, to file: PublishedFile) throws -> Int {
        var records = records
        let packed = PackedFile(file)
        let writer = RowWriter(like: records.dialect)
        var count = 0
        try writer.begin(packed, records.header())
        while let row = try records.next() {
            let verdict = try verdicts.verdict(on: row.record.row)
            guard
                RowFiles.mayRunAgain(
                    verdict.outcome, isDuplicate: verdict.code == RowFiles.duplicateCode)
            else { continue }
            try packed.append(
                writer.row(row) {
                    ResultColumns.add(verdict, of: row.record, run: run, time: time, to: writer.records)
                })
            count += 1
        }
        try packed.finish()
        return count
    }
}

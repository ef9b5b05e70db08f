import InstructionFiles
import Instructions
import Runs

/// The rows of a checked file with what the check says of them: good ones, and bad ones to be rejected.
struct RowsToImport {
    enum Next {
        case good(Instruction)
        case bad(RejectedRow)
    }

    private var reader: InstructionReader
    private var badRows: BadRows
    private var nextBad: Problem?
    /// Of the run or file, for messages.
    private let name: String

    /// - Parameter log: what the check of the same file found.
    init(_ reader: InstructionReader, log: ProblemLog, name: String) throws {
        self.reader = reader
        self.name = name
        badRows = try log.badRows()
        nextBad = try badRows.next()
    }

    /// nil after the last row. Throws `FileReadError`, and `IntakeError` when a row is bad that was good when it
    /// was checked.
    mutating func next() throws -> Next? {
        var lastError: Problem?
        while let finding = try reader.next() {
            switch finding {
            case .instruction(let row):
                guard let problem = try problem(of: row.row) else { return .good(row) }
                return .bad(rejected(FaultyRow(row), problem))
            case .faulty(let row):
                guard let problem = try problem(of: row.row) else {
                    throw IntakeError.rowsNoLongerGood(name, lastError)
                }
                return .bad(rejected(row, problem))
            case .problem(let problem):
                if problem.severity == .error { lastError = problem }
            case .damage: continue
            }
        }
        return nil
    }

    private mutating func problem(of row: Int) throws -> Problem? {
        guard let problem = nextBad, problem.row == row else { return nil }
        nextBad = try badRows.next()
        return problem
    }

    private func rejected(_ row: FaultyRow, _ problem: Problem) -> RejectedRow {
        let place = problem.column.map { "column \($0): " } ?? ""
        return RejectedRow(
            row: row, code: problem.code, message: "\(place)\(problem.message) \(problem.mend)")
    }
}

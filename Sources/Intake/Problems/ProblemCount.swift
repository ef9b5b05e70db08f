import InstructionFiles
import Instructions

/// The problems of a file counted, and the first ones.
struct ProblemCount {
    private(set) var errors = 0
    private(set) var warnings = 0
    /// Rows with an error.
    private(set) var badRows = 0
    /// Whether one of them refuses the file whatever `on-invalid` says.
    private(set) var refusesFile = false
    private(set) var holdsCardNumbers = false
    private(set) var first: [Problem] = []

    init(of log: ProblemLog, limit: Int) throws {
        var source = try log.problems()
        var lastBadRow = 0
        while let problem = try source.next() {
            if first.count < limit { first.append(problem) }
            guard problem.severity == .error else {
                warnings += 1
                continue
            }
            errors += 1
            if problem.code == FileProblemCode.cardNumber.rawValue { holdsCardNumbers = true }
            if let row = problem.row, row != lastBadRow {
                lastBadRow = row
                badRows += 1
            }
            if problem.row == nil || FileProblemCode(rawValue: problem.code)?.refusesFile == true {
                refusesFile = true
            }
        }
    }
}

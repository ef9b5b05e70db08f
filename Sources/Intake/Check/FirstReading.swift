import InstructionFiles
import Instructions

/// What the first reading of a file gathers.
struct FirstReading {
    /// Of the good rows: what their pairs are found by.
    let keys = RowKeys()
    let repeated: RepeatedKeys
    var spool: ProblemSpool
    /// Problems of the file as a whole and of its header; bounded by the columns.
    private(set) var ofFile: [Problem] = []
    private(set) var sums = ActionSums()
    private(set) var lastRow = 0
    private var goodRows = 0
    private var otherRows = 0

    init(repeated: RepeatedKeys, spool: ProblemSpool) {
        self.repeated = repeated
        self.spool = spool
    }

    /// Whether there are good rows and each cancels a whole intent.
    var hasOnlyWholeCancels: Bool { goodRows > 0 && otherRows == 0 }

    /// Throws as `FileCheck.check` does.
    mutating func read(_ reader: inout InstructionReader) throws {
        var findings = 0
        while true {
            findings += 1
            if findings % 4_096 == 0 { try Task.checkCancellation() }
            switch try reader.step() {
            case .row: try visit(reader.row)
            case .finding: try visit(reader.takeFinding())
            case .end: return
            }
        }
    }

    private mutating func visit(_ finding: InstructionReader.Finding) throws {
        switch finding {
        case .problem(let problem) where problem.row == nil: ofFile.append(problem)
        case .problem(let problem): try spool.append(problem)
        // Good rows are lent, and damage is known after this reading.
        case .instruction, .damage: return
        case .faulty(let row):
            lastRow = row.row
            if let action = row.action, let requested = row.requested { sums.add(action, requested) }
        }
    }

    private mutating func visit(_ row: LentRow) throws {
        lastRow = row.row
        goodRows += 1
        sums.add(row.action, row.requested)
        if row.action != .cancel || row.requested.isInFigures { otherRows += 1 }
        try repeated.add(keys.key(ofIntent: row.intentID))
        if let reference = row.reference { try repeated.add(keys.key(ofReference: reference)) }
    }
}

extension RequestedAmount {
    fileprivate var isInFigures: Bool {
        if case .exactly = self { true } else { false }
    }
}

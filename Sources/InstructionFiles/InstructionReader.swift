package import Instructions

/// Reads an instruction file front to back, in bounded memory: each good row as an instruction, each fault as
/// a problem, in the order of the file.
///
/// What it finds of a row depends on that row and the header alone; rules over the whole file are Intake's.
package struct InstructionReader {
    /// What the reader comes upon.
    package enum Finding: Hashable, Sendable {
        case instruction(Instruction)
        case problem(Problem)
        /// A row that is no instruction; its problems came before.
        case faulty(FaultyRow)
    }

    /// What the reader saw; complete once `next` returned nil.
    package struct Summary: Hashable, Sendable {
        /// Records under the header that are not blank, faulty ones included.
        package internal(set) var rows = 0
        package internal(set) var blankRows = 0
        /// The names of the header as the file writes them, without surrounding blanks; empty when it cannot
        /// be read.
        package internal(set) var columns: [String] = []
    }

    package private(set) var summary = Summary()

    private let chunks: FileChunks
    private let allowed: Set<Action>
    private var scanner: CSVScanner
    private var header: Header?
    private var judge: RowJudge?
    /// Findings of one record that wait to be taken, first one last: bounded by the columns of a record.
    private var waiting: [Finding] = []
    private var found: [Problem] = []
    private var blanks: (row: Int, line: Int, count: Int)?
    private var isOver = false
    /// One record may have two faults and is still one row.
    private var lastFaultyRow = 0

    /// Opens the file. `allowedActions` is what the job allows; with exactly one the column `action` is not
    /// needed. Throws `FileReadError`.
    package init(path: String, allowedActions: Set<Action>) throws {
        try self.init(path: path, allowedActions: allowedActions, limits: CSVLimits(), chunkBytes: 1 << 17)
    }

    init(path: String, allowedActions: Set<Action>, limits: CSVLimits, chunkBytes: Int) throws(FileReadError)
    {
        precondition(!allowedActions.isEmpty, "a job allows at least one action")
        allowed = allowedActions
        chunks = try FileChunks(path: path, chunkBytes: chunkBytes)
        scanner = CSVScanner(limits: limits)
    }

    /// The next finding; nil at the end. Throws `FileReadError`.
    package mutating func next() throws -> Finding? {
        while true {
            if let finding = waiting.popLast() { return finding }
            guard !isOver else { return nil }
            switch scanner.next() {
            case .needsBytes: try chunks.feed(&scanner)
            case .fault(let fault): take(fault)
            case .record: takeRecord()
            case .end: takeEnd()
            }
        }
    }

    /// The column's name as the file writes it; its own name while the header is not read or lacks it.
    package func title(of column: Column) -> String { header?.title(of: column) ?? column.name }

    private mutating func takeRecord() {
        guard judge != nil else { return takeHeader() }
        let (row, line) = (scanner.row, scanner.line)
        guard !scanner.withFields(\.isBlank) else {
            summary.blankRows += 1
            blanks = (blanks?.row ?? row, blanks?.line ?? line, (blanks?.count ?? 0) + 1)
            return
        }
        noteBlanks()
        summary.rows += 1
        let judgement = Self.judge(scanner, &judge, row, line, &found)
        queue()
        switch judgement {
        case .good(let instruction): waiting.insert(.instruction(instruction), at: 0)
        case .faulty(let row): waiting.insert(.faulty(row), at: 0)
        case nil: break
        }
    }

    /// `inout` parameters, since a closure over `self` may not change it while the scanner lends its fields.
    private static func judge(
        _ scanner: borrowing CSVScanner, _ judge: inout RowJudge?, _ row: Int, _ line: Int,
        _ found: inout [Problem]
    ) -> RowJudge.Judgement? {
        scanner.withFields { judge?.judge($0, row: row, line: line, into: &found) }
    }

    private mutating func takeHeader() {
        let line = scanner.line
        let header = scanner.withFields { Header($0, line: line, allowed: allowed) }
        summary.columns = header.names
        self.header = header
        judge = RowJudge(header: header, allowed: allowed)
        found.append(contentsOf: header.problems)
        queue()
        // Under a blank line there are no columns to judge rows by.
        isOver = scanner.withFields(\.isBlank)
    }

    private mutating func take(_ fault: CSVFault) {
        noteBlanks()
        let column = fault.column.map { header?.title(at: $0 - 1) ?? String($0) }
        let isInHeader = fault.row == 0
        found.append(
            Problem(
                .structure(fault.kind), row: isInHeader ? nil : fault.row, line: fault.line, column: column))
        queue()
        // Without a header no row can be judged.
        isOver = isInHeader
        if !isInHeader, lastFaultyRow != fault.row { summary.rows += 1 }
        lastFaultyRow = fault.row
    }

    private mutating func takeEnd() {
        noteBlanks()
        if header == nil {
            found.append(Problem(.fileEmpty))
        } else if summary.rows == 0 {
            found.append(Problem(.noRows))
        }
        queue()
        isOver = true
    }

    /// Reports a stretch of blank rows as one warning.
    private mutating func noteBlanks() {
        guard let (row, line, count) = blanks else { return }
        blanks = nil
        found.append(Problem(.blankRows(count: count), row: row, line: line))
        queue()
    }

    /// Moves what was found behind what waits.
    private mutating func queue() {
        waiting.insert(contentsOf: found.reversed().map(Finding.problem), at: 0)
        found.removeAll(keepingCapacity: true)
    }
}

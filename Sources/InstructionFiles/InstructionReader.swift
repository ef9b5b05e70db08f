package import Instructions

/// Reads an instruction file front to back, in bounded memory: each good row as an instruction, each fault as
/// a problem, in the order of the file.
///
/// What it finds of a row depends on that row, the header and the options alone; rules over the whole file are
/// Intake's.
package struct InstructionReader {
    /// What the reader comes upon.
    package enum Finding: Hashable, Sendable {
        case instruction(Instruction)
        case problem(Problem)
        /// A row that is no instruction; its problems came before.
        case faulty(FaultyRow)
        /// What a whole column tells of one of its cells, in a second reading; the row follows.
        case damage(Problem)
    }

    /// The next finding, with a good row lent.
    package enum Step {
        /// `row` lends it.
        case row
        /// `takeFinding` has it; never an instruction.
        case finding
        case end
    }

    /// What the reader saw; complete once `next` returned nil.
    package struct Summary: Hashable, Sendable {
        /// Records under the header that are not blank, faulty ones included.
        package internal(set) var rows = 0
        package internal(set) var blankRows = 0
        /// The names of the header as the file writes them, without surrounding blanks; empty when it cannot
        /// be read, and of NDJSON, which has none.
        package internal(set) var columns: [String] = []
    }

    package private(set) var summary = Summary()
    /// The good row that `step` found, until it is called again.
    package private(set) var row = LentRow.none
    /// Where the row of the last finding comes from, when the file is a report handed in again.
    package private(set) var lineage: Lineage?

    private let allowed: Set<Action>
    let options: ReadOptions
    var stream: RecordStream
    private(set) var header: CSVHeader?
    private var judge: RowJudge
    /// Of CSV under a header that allows it.
    private var cleanRowJudge: CleanRowJudge?
    /// Of NDJSON.
    private let cleanLineJudge: CleanRowJudge?
    /// Findings of one record that wait to be taken, first one last: bounded by the columns of a record.
    var waiting: [Finding] = []
    /// Whether `row` is one that others come before.
    private var rowWaits = false
    var found: [Problem] = []
    var watch: ColumnWatch
    /// Of a CSV file, those that are searched for card numbers.
    var watchedColumns: [Int] = []
    var memberColumns: MemberColumns
    let cardExceptions: Set<String>
    private var blanks: (row: Int, line: Int, count: Int)?
    private var isOver = false
    /// One record may have two faults and is still one row.
    private var lastFaultyRow = 0

    /// Opens the file. `allowedActions` is what the job allows; with exactly one the column `action` is not
    /// needed. Throws `FileReadError`.
    ///
    /// - Parameters:
    ///   - columnsWithoutCards: columns that are not searched for card numbers, in any spelling of a header.
    ///   - damage: what a first reading of the same file found.
    package init(
        path: String, allowedActions: Set<Action>, options: ReadOptions,
        columnsWithoutCards: [String] = [], damage: ColumnDamage? = nil
    ) throws {
        try self.init(
            path: path, allowedActions: allowedActions, options: options,
            columnsWithoutCards: columnsWithoutCards, damage: damage, limits: RecordLimits(),
            chunkBytes: 1 << 17)
    }

    init(
        path: String, allowedActions: Set<Action>, options: ReadOptions, columnsWithoutCards: [String] = [],
        damage: ColumnDamage? = nil, limits: RecordLimits, chunkBytes: Int
    ) throws {
        precondition(!allowedActions.isEmpty, "a job allows at least one action")
        allowed = allowedActions
        self.options = options
        cardExceptions = Set(columnsWithoutCards.map(ColumnNames.normalized))
        watch = ColumnWatch(known: damage)
        memberColumns = MemberColumns(ColumnNames(options), except: cardExceptions)
        judge = RowJudge(allowed: allowed, options: options)
        cleanLineJudge = watch.isQuiet ? CleanRowJudge(linesAllowing: allowed, options: options) : nil
        stream = try RecordStream(path: path, options: options, limits: limits, chunkBytes: chunkBytes)
    }

    /// What whole columns tell, as far as the file was read.
    package var damage: ColumnDamage { watch.damage }

    /// The next finding; nil at the end. Throws `FileReadError`.
    package mutating func next() throws -> Finding? {
        switch try step() {
        case .row: .instruction(row.instruction)
        case .finding: takeFinding()
        case .end: nil
        }
    }

    /// The same, with a good row's texts left where they are: what it lends is gone with the next call.
    package mutating func step() throws -> Step {
        while true {
            if !waiting.isEmpty { return .finding }
            if rowWaits {
                rowWaits = false
                return .row
            }
            guard !isOver else { return .end }
            if !stream.takePlainRecord() {
                switch try stream.next() {
                case .record: break
                case .fault(let fault):
                    take(fault)
                    continue
                case .end:
                    takeEnd()
                    continue
                }
            }
            guard stream.format == .ndjson ? takeLine() : takeRecord() else { continue }
            guard !waiting.isEmpty else { return .row }
            rowWaits = true
        }
    }

    /// What the step that was taken last found.
    package mutating func takeFinding() -> Finding { waiting.removeLast() }

    /// The column's name as the file, or the row last found, writes it.
    package func title(of column: Column) -> String {
        guard stream.format == .ndjson else { return header?.title(of: column) ?? column.name }
        return stream.ndjson.title(of: column)
    }

    /// Whether the record is a good row; false for the header, too.
    private mutating func takeRecord() -> Bool {
        let (row, line) = (stream.csv.row, stream.csv.line)
        let fields = stream.csv.fields
        if let clean = cleanRowJudge?.judge(fields, row: row, line: line) {
            if blanks != nil { noteBlanks() }
            summary.rows += 1
            watch.visit(clean, fields, columns: watchedColumns)
            self.row = clean.row
            return true
        }
        guard let header else {
            takeHeader()
            return false
        }
        guard !fields.isBlank else {
            noteBlank(row, line)
            return false
        }
        noteBlanks()
        summary.rows += 1
        if header.isOfReport { lineage = fields.lineage(header.meanings) }
        let cells = CSVCells(fields: fields, header: header, decimal: options.decimal)
        watchRecord(cells, row: row, line: line)
        return take(judge.judge(cells, row: row, line: line, into: &found))
    }

    /// Puts a row's problems where they wait, and a faulty row behind them; whether it is a good one.
    private mutating func take(_ judgement: RowJudge.Judgement) -> Bool {
        queue()
        switch judgement {
        case .good(let row):
            self.row = row
            return true
        case .faulty(let row):
            waiting.insert(.faulty(row), at: 0)
            return false
        }
    }

    private mutating func takeHeader() {
        let line = stream.csv.line
        let header = CSVHeader(stream.csv.fields, line: line, allowed: allowed, options: options)
        summary.columns = header.names
        self.header = header
        if watch.isQuiet { cleanRowJudge = CleanRowJudge(header, allowed: allowed, options: options) }
        found.append(contentsOf: header.problems)
        watchHeader(header, line: line)
        queue()
        // Under a blank line there are no columns to judge rows by.
        isOver = stream.csv.fields.isBlank
    }

    /// Whether the line is a good row.
    private mutating func takeLine() -> Bool {
        let scanner = stream.ndjson
        let members = scanner.members
        guard !members.isBlank else {
            noteBlank(scanner.row, scanner.line)
            return false
        }
        noteBlanks()
        summary.rows += 1
        if !members.resultRun.isEmpty || lineage != nil {
            lineage = Lineage(run: members.resultRun, row: members.resultRow)
        }
        if members.isPlain,
            let clean = cleanLineJudge?.judge(members, row: scanner.row, line: scanner.line)
        {
            watch.visit(clean)
            watchMembers()
            guard found.isEmpty else { return take(.faulty(FaultyRow(clean.row.instruction))) }
            row = clean.row
            return true
        }
        for fault in members.faults {
            found.append(
                Problem(
                    fault.fault, row: scanner.row, line: scanner.line, column: fault.name, value: fault.value)
            )
        }
        watchLine()
        let isClear = found.isEmpty
        let judgement = judge.judge(
            NDJSONCells(members: members, scanner: scanner), row: scanner.row, line: scanner.line,
            into: &found)
        if case .good(let row) = judgement, !isClear {
            return take(.faulty(FaultyRow(row.instruction)))
        }
        return take(judgement)
    }

    private mutating func take(_ fault: RecordFault) {
        noteBlanks()
        lineage = nil
        let isInHeader = fault.row == 0
        found.append(
            Problem(
                .structure(fault.kind), row: isInHeader ? nil : fault.row, line: fault.line,
                column: fault.member ?? fault.column.map { header?.title(at: $0 - 1) ?? String($0) }))
        if case .fieldCount = fault.kind, let row = fault.row, let line = fault.line {
            watchBrokenRecord(row: row, line: line)
        }
        queue()
        // Without a header no row can be judged.
        isOver = isInHeader || fault.row == nil
        guard let row = fault.row, row > 0, lastFaultyRow != row else { return }
        summary.rows += 1
        lastFaultyRow = row
    }

    private mutating func takeEnd() {
        noteBlanks()
        if stream.format == .csv, header == nil {
            found.append(Problem(.fileEmpty))
        } else if summary.rows == 0 {
            found.append(Problem(.noRows))
        }
        queue()
        isOver = true
    }

    private mutating func noteBlank(_ row: Int, _ line: Int) {
        summary.blankRows += 1
        blanks = (blanks?.row ?? row, blanks?.line ?? line, (blanks?.count ?? 0) + 1)
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
        guard !found.isEmpty else { return }
        waiting.insert(contentsOf: found.reversed().map(Finding.problem), at: 0)
        found.removeAll(keepingCapacity: true)
    }
}

extension Problem {
    /// A fault at its place, in words; what may hold a card number is left out (contract, P9).
    init(
        _ fault: FileFault, row: Int? = nil, line: Int? = nil, column: String? = nil, value: Cell? = nil
    ) {
        self.init(
            code: fault.code.rawValue, severity: fault.severity, row: row, line: line,
            column: column.map { CardNumber.stands(in: $0) ? "…" : $0 },
            value: value.flatMap { CardNumber.stands(in: $0) ? nil : CellText.shortened($0) },
            message: fault.message, mend: fault.mend)
    }
}

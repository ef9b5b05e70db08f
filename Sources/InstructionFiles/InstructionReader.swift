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
    /// Where the row of the last finding comes from, when the file is a report handed in again.
    package private(set) var lineage: Lineage?

    private let allowed: Set<Action>
    let options: ReadOptions
    var stream: RecordStream
    private(set) var header: CSVHeader?
    private var judge: RowJudge
    /// Findings of one record that wait to be taken, first one last: bounded by the columns of a record.
    var waiting: [Finding] = []
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
        stream = try RecordStream(path: path, options: options, limits: limits, chunkBytes: chunkBytes)
    }

    /// What whole columns tell, as far as the file was read.
    package var damage: ColumnDamage { watch.damage }

    /// The next finding; nil at the end. Throws `FileReadError`.
    package mutating func next() throws -> Finding? {
        while true {
            if let finding = waiting.popLast() { return finding }
            guard !isOver else { return nil }
            switch try stream.next() {
            case .fault(let fault): take(fault)
            case .record where stream.format == .ndjson: takeLine()
            case .record: takeRecord()
            case .end: takeEnd()
            }
        }
    }

    /// The column's name as the file, or the row last found, writes it.
    package func title(of column: Column) -> String {
        guard stream.format == .ndjson else { return header?.title(of: column) ?? column.name }
        return stream.ndjson.title(of: column)
    }

    private mutating func takeRecord() {
        guard let header else { return takeHeader() }
        let (row, line) = (stream.csv.row, stream.csv.line)
        guard !stream.csv.withFields(\.isBlank) else { return noteBlank(row, line) }
        noteBlanks()
        summary.rows += 1
        lineage = header.isOfReport ? stream.csv.withFields { $0.lineage(header.meanings) } : nil
        watchRecord(header, row: row, line: line)
        let judgement = Self.judge(stream.csv, header, options.decimal, &judge, row, line, &found)
        queue(judgement)
    }

    /// Puts what the row came to behind its problems.
    private mutating func queue(_ judgement: RowJudge.Judgement) {
        queue()
        switch judgement {
        case .good(let instruction): waiting.insert(.instruction(instruction), at: 0)
        case .faulty(let row): waiting.insert(.faulty(row), at: 0)
        }
    }

    /// `inout` parameters, since a closure over `self` may not change it while the scanner lends its fields.
    private static func judge(
        _ scanner: borrowing CSVScanner, _ header: CSVHeader, _ decimal: ReadOptions.DecimalMark,
        _ judge: inout RowJudge, _ row: Int, _ line: Int, _ found: inout [Problem]
    ) -> RowJudge.Judgement {
        scanner.withFields { fields in
            let cells = CSVCells(fields: fields, header: header, decimal: decimal)
            return judge.judge(cells, row: row, line: line, into: &found)
        }
    }

    private mutating func takeHeader() {
        let line = stream.csv.line
        let header = stream.csv.withFields { CSVHeader($0, line: line, allowed: allowed, options: options) }
        summary.columns = header.names
        self.header = header
        found.append(contentsOf: header.problems)
        watchHeader(header, line: line)
        queue()
        // Under a blank line there are no columns to judge rows by.
        isOver = stream.csv.withFields(\.isBlank)
    }

    private mutating func takeLine() {
        let scanner = stream.ndjson
        let members = scanner.members
        guard !members.isBlank else { return noteBlank(scanner.row, scanner.line) }
        noteBlanks()
        summary.rows += 1
        lineage = Lineage(run: members.resultRun, row: members.resultRow)
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
        if case .good(let instruction) = judgement, !isClear {
            queue(.faulty(FaultyRow(instruction)))
        } else {
            queue(judgement)
        }
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

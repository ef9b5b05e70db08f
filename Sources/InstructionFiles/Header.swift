import Instructions

/// The header of an instruction file: which column stands where, and what is wrong with it.
///
/// Columns that are not known are problems until files may bring columns of their own.
struct Header {
    /// The names as the file writes them, without surrounding blanks.
    let names: [String]
    /// What is wrong with the header as a whole.
    let problems: [Problem]
    /// Where each known column stands; the first of two.
    private let indices: [Column: Int]

    init(_ fields: CSVFields, line: Int, allowed: Set<Action>) {
        let names = (0..<fields.count).map { CellText.string(CellText.trimmed(fields[$0])) }
        var indices: [Column: Int] = [:]
        var problems: [Problem] = []
        if fields.isBlank {
            problems.append(Problem(.headerBlank, line: line))
        } else {
            for (index, name) in names.enumerated() {
                let normal = Column.normalized(name)
                let title = name.isEmpty ? String(index + 1) : name
                let value = fields[index]
                guard let column = Column(named: normal) else {
                    let fault = FileFault.columnUnknown(nearest: Column.nearest(to: normal))
                    problems.append(Problem(fault, line: line, column: title, value: value))
                    continue
                }
                guard indices[column] == nil else {
                    problems.append(
                        Problem(.columnDuplicate(column), line: line, column: title, value: value))
                    continue
                }
                indices[column] = index
            }
            for column in Self.needed(allowed) where indices[column] == nil {
                let sorted = allowed.sorted { $0.rawValue < $1.rawValue }
                let fault = FileFault.columnMissing(column, allowed: sorted)
                problems.append(Problem(fault, line: line, column: column.name))
            }
        }
        self.names = names
        self.indices = indices
        self.problems = problems
    }

    func index(of column: Column) -> Int? { indices[column] }

    /// The column's name as the file writes it.
    func title(of column: Column) -> String {
        indices[column].map { names[$0] } ?? column.name
    }

    /// The name of a field, or its number where the header gives none.
    func title(at index: Int) -> String {
        guard names.indices.contains(index), !names[index].isEmpty else { return String(index + 1) }
        return names[index]
    }

    private static func needed(_ allowed: Set<Action>) -> [Column] {
        switch allowed {
        case [.cancel]: [.intentID]
        case [.capture]: [.intentID, .amount]
        default: [.action, .intentID]
        }
    }
}

extension Problem {
    /// A fault at its place, in words.
    init(
        _ fault: FileFault, row: Int? = nil, line: Int? = nil, column: String? = nil, value: Cell? = nil
    ) {
        self.init(
            code: fault.code.rawValue, severity: fault.severity, row: row, line: line, column: column,
            value: value.map(CellText.shortened), message: fault.message, mend: fault.mend)
    }
}

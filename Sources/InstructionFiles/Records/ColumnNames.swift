import Instructions

/// What the names in a header, or of members, stand for: a job's own names, then ours.
struct ColumnNames {
    enum Meaning: Equatable {
        case column(Column)
        /// The object `external_data`; only NDJSON has it.
        case externalData
        /// A column of an earlier report: of the run, of the row, or another one.
        case resultRun, resultRow, result
        /// Unknown, and so like a known name that it must be a mistake.
        case nearMiss(Column)
        /// The file's own; kept for the report.
        case other
    }

    /// How columns of a report begin.
    static let resultPrefix = "result_"
    /// How the flat names of an external data member begin.
    static let externalPrefix = "external_"

    private let options: ReadOptions
    private let mapped: [String: Column]

    init(_ options: ReadOptions) {
        self.options = options
        var mapped: [String: Column] = [:]
        for (column, name) in options.columns { mapped[Self.normalized(name)] = column }
        self.mapped = mapped
    }

    /// The name that the file has for a column as far as the job says.
    func name(of column: Column) -> String { options.columns[column] ?? column.name }

    /// Whether the job says that the file has a column under another name.
    func isMapped(_ column: Column) -> Bool { options.columns[column] != nil }

    func isKnown(_ name: String) -> Bool {
        // Longer than any name of ours or of a job's `columns`.
        guard name.utf8.count <= 256 else { return false }
        switch meaning(of: name) {
        case .other, .nearMiss: return false
        default: return true
        }
    }

    func meaning(of name: String) -> Meaning {
        guard name.utf8.count <= 256 else { return .other }
        let normal = Self.normalized(name)
        if let column = mapped[normal] { return .column(column) }
        if let column = Column(rawValue: normal) {
            // A job that finds the column elsewhere makes this name one of the file's own.
            return isMapped(column) ? .other : .column(column)
        }
        if normal == "external_data" { return .externalData }
        if normal.hasPrefix(Self.resultPrefix) {
            return normal == "result_run" ? .resultRun : normal == "result_row" ? .resultRow : .result
        }
        return Self.nearMiss(of: normal).map(Meaning.nearMiss) ?? .other
    }

    /// The name without surrounding blanks, in lower case, spaces and hyphens as underscores.
    static func normalized(_ name: String) -> String {
        let trimmed = CellText.trimmed(Array(name.utf8)[...])
        let bytes = trimmed.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
            case UInt8(ascii: " "), UInt8(ascii: "-"): UInt8(ascii: "_")
            default: byte
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return bytes.allSatisfy { $0 < 0x80 } ? text : text.lowercased()
    }

    /// The known name that a mistyped one stands for: one edit away, in names of ten letters and more two.
    ///
    ///     ammount → amount    actoin → action    curency → currency    account, section, notes → none
    ///
    /// A name with a digit in it (`reference_2`) is meant as it is.
    static func nearMiss(of name: String) -> Column? {
        guard !name.utf8.contains(where: CellText.isDigit) else { return nil }
        let near = Column.allCases.map { ($0, EditDistance.between($0.name, name)) }
            .filter { $1 <= ($0.name.utf8.count >= 10 ? 2 : 1) }
        return near.min { $0.1 < $1.1 }?.0
    }
}

/// How many single characters must be inserted, removed, replaced or swapped with their neighbour to turn one
/// word into another (optimal string alignment).
enum EditDistance {
    static func between(_ left: String, _ right: String) -> Int {
        // A header cell may be as long as a record; nothing so long is near a column's name.
        guard right.utf8.count <= 64 else { return .max }
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = last[column] + (scalar == other ? 0 : 1)
                var edits = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    edits = min(edits, beforeLast[column - 1] + 1)
                }
                current.append(edits)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}

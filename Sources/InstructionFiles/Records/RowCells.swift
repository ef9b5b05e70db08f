import Instructions

/// The cells of one row by column, whatever the format; lent for the length of a call.
protocol RowCells {
    /// The cell, blanks around it included; nil when the file has no such column.
    func cell(_ column: Column) -> Cell?
    /// The column's name as the file writes it.
    func title(of column: Column) -> String
    /// False when no cell of external data can be filled in.
    var hasExternalData: Bool { get }
    /// Line items that are not written as text; nil when they are, or there are none.
    var lineItems: [LineItemCells]? { get }
    /// Columns that are a problem already, one bit each by `Column.index`; no other one is told of them.
    var faulty: UInt32 { get }
    /// In which the amounts are written.
    var decimal: ReadOptions.DecimalMark { get }
}

extension RowCells {
    func isFaulty(_ column: Column) -> Bool { faulty & 1 << UInt32(column.index) != 0 }
}

/// The cells of a CSV record under its header.
struct CSVCells: RowCells {
    let fields: CSVFields
    let header: CSVHeader
    let decimal: ReadOptions.DecimalMark

    @inline(__always)
    func cell(_ column: Column) -> Cell? {
        guard let index = header.index(of: column) else { return nil }
        guard header.isOfReport else { return fields[index] }
        return FormulaGuard.unguarded(CellText.trimmed(fields[index]))
    }

    func title(of column: Column) -> String { header.title(of: column) }

    var hasExternalData: Bool { header.hasExternalData }
    var lineItems: [LineItemCells]? { nil }
    var faulty: UInt32 { 0 }
}

/// The members of an NDJSON line. Each line has columns of its own, so that one it lacks is a blank cell.
struct NDJSONCells: RowCells {
    let members: RowMembers
    let scanner: NDJSONScanner

    @inline(__always)
    func cell(_ column: Column) -> Cell? { members[column] }

    func title(of column: Column) -> String { scanner.title(of: column) }

    var hasExternalData: Bool { members.filled & Self.externalData != 0 }
    var lineItems: [LineItemCells]? { members.lineItems }
    var faulty: UInt32 { members.faulty }
    var decimal: ReadOptions.DecimalMark { .point }

    private static let externalData = Column.externalData.reduce(UInt32(0)) { $0 | 1 << UInt32($1.index) }
}

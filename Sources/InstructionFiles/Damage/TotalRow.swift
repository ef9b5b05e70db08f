import Instructions

/// Recognises the row with the sum of the others that a spreadsheet has at its end.
enum TotalRow {
    /// Whether the row names no action and no intent, or a total in their place, and has nothing else but an
    /// amount and a total's words.
    static func isTotal(_ cells: some RowCells) -> Bool {
        func cell(_ column: Column) -> Cell {
            cells.cell(column).map(CellText.trimmed) ?? Cell(start: nil, count: 0)
        }
        let action = cell(.action)
        // Nearly every row ends here.
        guard action.isEmpty || isWord(action) else { return false }
        let id = cell(.intentID)
        guard id.isEmpty || isWord(id) else { return false }
        if !action.isEmpty || !id.isEmpty { return true }
        var hasFigures = false
        for column in Column.allCases {
            let text = cell(column)
            switch column {
            case .amount: hasFigures = text.contains(where: CellText.isDigit)
            case .currency: continue
            default: guard text.isEmpty || isWord(text) else { return false }
            }
        }
        return hasFigures
    }

    /// `Total`, `TOTAL:`, `Grand total`, `Summe` …
    static func isWord(_ cell: Cell) -> Bool {
        guard let first = cell.first, !CellText.isDigit(first), (3...20).contains(cell.count) else {
            return false
        }
        // No id and no action begins so, or few do: spares the others a text.
        guard initials.contains(first) || first >= 0x80 else { return false }
        var text = CellText.string(cell).lowercased()
        if text.hasSuffix(":") { text.removeLast() }
        return words.contains(text)
    }

    private static let initials = Array("gGsStTzZ".utf8)

    private static let words: Set<String> = [
        "total", "totals", "total amount", "total general", "total général", "grand total", "subtotal",
        "sub total", "sum", "sums", "sum total", "summe", "gesamt", "gesamtsumme", "zwischensumme", "somme",
        "suma", "totale", "totaal", "合计", "总计", "小计",
    ]
}

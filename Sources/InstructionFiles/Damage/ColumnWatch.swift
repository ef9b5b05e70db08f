import Instructions

/// Follows the columns of a file for what only a whole column tells: rounded ids, lost leading zeros, card
/// numbers. Reading with the damage that was found before, it reports the cells.
struct ColumnWatch {
    private var ids = RoundedIDs()
    private var idZeros = LostZeros()
    private var referenceZeros = LostZeros()
    /// By the place of the column in the file.
    private var cards: [CardColumn] = []
    /// What a first reading found; nil while that is done.
    private let known: ColumnDamage?

    init(known: ColumnDamage?) { self.known = known }

    /// What the rows so far show.
    var damage: ColumnDamage {
        var damage = ColumnDamage()
        if ids.isProven { damage.roundedIDs = .init(part: ids.rounded, whole: ids.ids) }
        damage.idWidth = idZeros.width
        damage.referenceWidth = referenceZeros.width
        damage.cardColumns = Set(cards.indices.filter { cards[$0].holdsCards })
        return damage
    }

    /// Takes the cells of a row whose rules belong to one column.
    mutating func visit(_ cells: some RowCells, _ report: (FileFault, String, Cell?) -> Void) {
        let id = cells.cell(.intentID).map(CellText.trimmed) ?? Cell(start: nil, count: 0)
        let reference = cells.cell(.reference).map(CellText.trimmed) ?? Cell(start: nil, count: 0)
        guard let known else {
            ids.visit(id)
            idZeros.visit(id)
            referenceZeros.visit(reference)
            return
        }
        if let share = known.roundedIDs, RoundedIDs.isRounded(id) == true {
            report(.idRounded(rounded: share.part, of: share.whole), cells.title(of: .intentID), id)
        }
        for (column, cell, width) in [
            (Column.intentID, id, known.idWidth), (.reference, reference, known.referenceWidth),
        ] {
            guard let width, LostZeros.isShort(cell, width: width) else { continue }
            report(.zerosLost(digits: cell.count, width: width), cells.title(of: column), cell)
        }
    }

    /// Takes one cell, without blanks around it, of any column that may hold card numbers; true when it holds
    /// one.
    mutating func visit(_ cell: Cell, column: Int) -> Bool {
        if let known { return known.cardColumns.contains(column) && CardNumber.stands(in: cell) }
        while cards.count <= column { cards.append(CardColumn()) }
        cards[column].visit(cell)
        return false
    }
}

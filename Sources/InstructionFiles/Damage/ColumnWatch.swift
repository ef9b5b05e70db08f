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
    private let isFirstReading: Bool

    init(known: ColumnDamage?) {
        self.known = known
        isFirstReading = known == nil
    }

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
        guard !isFirstReading, let known else {
            visit(id: id, isNumber: CellText.isNumber(id), reference: reference)
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

    /// Whether a row has nothing to be reported: in a first reading, and where that found nothing.
    var isQuiet: Bool { isFirstReading || known?.isNone == true }

    /// Takes a good row and those of its columns that are searched for card numbers; `isQuiet`, so that nothing is to
    /// be reported.
    @inline(__always)
    mutating func visit(_ clean: CleanRow, _ fields: CSVFields, columns: [Int]) {
        guard isFirstReading else { return }
        visit(clean)
        visit(fields, columns: columns)
    }

    /// The same without the search for card numbers.
    @inline(__always)
    mutating func visit(_ clean: CleanRow) {
        guard isFirstReading else { return }
        visit(
            id: clean.row.intentID, isNumber: clean.idIsNumber,
            reference: clean.row.reference ?? Cell(start: nil, count: 0))
    }

    @inline(__always)
    private mutating func visit(id: Cell, isNumber: Bool, reference: Cell) {
        if isNumber {
            ids.visit(number: id)
            idZeros.visit(number: id)
        }
        if let first = reference.first, CellText.isDigit(first), CellText.isNumber(reference) {
            referenceZeros.visit(number: reference)
        }
    }

    @inline(__always)
    private mutating func visit(_ fields: CSVFields, columns: [Int]) {
        makeCards(upTo: columns.last ?? 0)
        cards.withUnsafeMutableBufferPointer { cards in
            for column in columns where column < fields.count {
                cards[column].visit(CellText.trimmed(fields[column]))
            }
        }
    }

    /// Takes the cells of those columns, and tells which hold a card number.
    mutating func visit(_ fields: CSVFields, columns: [Int], _ report: (Int) -> Void) {
        guard !isFirstReading else { return visit(fields, columns: columns) }
        for column in columns where column < fields.count {
            if visit(CellText.trimmed(fields[column]), column: column) { report(column) }
        }
    }

    /// Takes one cell, without blanks around it, of any column that may hold card numbers; true when it holds
    /// one.
    mutating func visit(_ cell: Cell, column: Int) -> Bool {
        if !isFirstReading, let known {
            return known.cardColumns.contains(column) && CardNumber.stands(in: cell)
        }
        makeCards(upTo: column)
        cards[column].visit(cell)
        return false
    }

    private mutating func makeCards(upTo column: Int) {
        while cards.count <= column { cards.append(CardColumn()) }
    }
}

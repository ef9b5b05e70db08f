/// Judges whether the card numbers that a column seems to hold are such.
///
/// One number of ten passes a Luhn check by chance. So in a column of numbers, such as the merchant's own
/// order numbers, they are taken for cards only when at least half of the values pass; in other columns one
/// is enough (contract, section 3).
struct CardColumn: Hashable {
    private var values = 0
    private var numbers = 0
    private var cards = 0

    /// - Parameter cell: without blanks around it.
    @inline(__always)
    mutating func visit(_ cell: Cell) {
        guard let last = cell.last else { return }
        values += 1
        guard cell.count >= CardNumber.lengths.lowerBound else {
            // Too short for a card; whether it is a number need not be known exactly.
            if CellText.isDigit(last) { numbers += 1 }
            return
        }
        let digits = CellText.digitCount(cell)
        if 2 * digits > cell.count { numbers += 1 }
        if digits >= CardNumber.lengths.lowerBound, CardNumber.stands(in: cell) { cards += 1 }
    }

    var holdsCards: Bool { cards > 0 && (2 * numbers <= values || 2 * cards >= values) }
}

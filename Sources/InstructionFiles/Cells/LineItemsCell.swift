import Instructions

/// The rules of the column `line_items`: `ID=AMOUNT;ID=AMOUNT`.
enum LineItemsCell {
    /// The items, each with an amount above zero in the row's currency.
    static func items(_ cell: Cell, currency: Currency) throws(FileFault) -> [LineAmount] {
        var items: [LineAmount] = []
        var ids: Set<String> = []
        for part in cell.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            let (id, amount) = try halves(part)
            guard ids.insert(id).inserted else { throw .lineItemsInvalid(.repeated) }
            switch Money.minorUnits(majorBytes: amount, currency: currency) {
            case .success(let minorUnits) where minorUnits > 0:
                items.append(LineAmount(id: id, minorUnits: minorUnits))
            case .failure(.tooManyDecimals): throw .lineItemsInvalid(.tooManyDecimals(currency))
            default: throw .lineItemsInvalid(.amount)
            }
        }
        return items
    }

    /// Whether the items sum to the row's amount.
    static func checkSum(_ items: [LineAmount], equals amount: Money) throws(FileFault) {
        var sum: Int128 = 0
        for item in items { sum += Int128(item.minorUnits) }
        guard sum != Int128(amount.minorUnits) else { return }
        let text =
            Int64(exactly: sum).map { Money(minorUnits: $0, currency: amount.currency).majorText }
            ?? "more than an amount can be"
        throw .lineItemsSum(items: text, amount: amount.majorText)
    }

    private static func halves(_ part: Cell.SubSequence) throws(FileFault) -> (id: String, amount: Cell) {
        guard let sign = part.firstIndex(of: UInt8(ascii: "=")) else { throw .lineItemsInvalid(.shape) }
        let id = CellText.trimmed(Cell(rebasing: part[..<sign]))
        let amount = CellText.trimmed(Cell(rebasing: part[part.index(after: sign)...]))
        guard WordCells.isID(id) else { throw .lineItemsInvalid(.id) }
        return (CellText.string(id), amount)
    }
}

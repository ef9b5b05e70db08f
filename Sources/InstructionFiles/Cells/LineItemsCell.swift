import Instructions

/// The rules of the column `line_items`: `ID=AMOUNT;ID=AMOUNT`.
enum LineItemsCell {
    /// The items, each with an amount above zero in the row's currency.
    static func items(
        _ cell: Cell, currency: Currency, decimal: ReadOptions.DecimalMark
    ) throws(FileFault) -> [LineAmount] {
        var parts: [LineItemCells] = []
        for part in cell.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            parts.append(try halves(part))
        }
        return try items(parts, currency: currency, decimal: decimal)
    }

    /// The same for items whose halves are known.
    static func items(
        _ parts: [LineItemCells], currency: Currency, decimal: ReadOptions.DecimalMark
    ) throws(FileFault) -> [LineAmount] {
        var items: [LineAmount] = []
        var ids: Set<String> = []
        for part in parts {
            guard WordCells.isID(part.id) else { throw .lineItemsInvalid(.id) }
            let id = CellText.string(part.id)
            guard ids.insert(id).inserted else { throw .lineItemsInvalid(.repeated) }
            switch Money.minorUnits(majorBytes: part.amount, currency: currency, decimalMark: decimal.byte) {
            case .success(let minorUnits) where minorUnits > 0:
                items.append(LineAmount(id: id, minorUnits: minorUnits))
            case .failure(.tooManyDecimals): throw .lineItemsInvalid(.tooManyDecimals(currency))
            default: throw .lineItemsInvalid(.amount(decimal))
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

    private static func halves(_ part: Cell.SubSequence) throws(FileFault) -> LineItemCells {
        guard let sign = part.firstIndex(of: UInt8(ascii: "=")) else { throw .lineItemsInvalid(.shape) }
        return LineItemCells(
            id: CellText.trimmed(Cell(rebasing: part[..<sign])),
            amount: CellText.trimmed(Cell(rebasing: part[part.index(after: sign)...])))
    }
}

/// One line item as its cells, without surrounding blanks.
struct LineItemCells {
    let id: Cell
    let amount: Cell
}

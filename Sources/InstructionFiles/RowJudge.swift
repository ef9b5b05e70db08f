import Instructions

/// Judges the cells of one row after the other by the rules of contract, section 3.
///
/// Every rule of a row is asked, whatever another one said, so that all problems come in one pass.
struct RowJudge {
    private let allowed: [Action]
    /// The only one, where there is only one.
    private let only: Action?
    private let blankAmountIsAll: Bool
    private let defaults: DefaultCells?
    private var problems: [Problem] = []
    private var row = 0
    private var line = 0
    /// Of the row that was judged last.
    private var parts: RowParts?

    init(allowed: Set<Action>, options: ReadOptions) {
        self.allowed = allowed.sorted { $0.rawValue < $1.rawValue }
        only = allowed.count == 1 ? allowed.first : nil
        blankAmountIsAll = options.blankAmountIsAll
        defaults = options.defaults.isEmpty ? nil : DefaultCells(options.defaults)
    }

    /// What a row came to.
    enum Judgement {
        /// Its texts are lent as the cells are.
        case good(LentRow)
        case faulty(FaultyRow)
    }

    /// Judges one row; its problems are appended.
    mutating func judge(
        _ cells: some RowCells, row: Int, line: Int, into found: inout [Problem]
    ) -> Judgement {
        self.row = row
        self.line = line
        let judgement = judgement(cells)
        guard !TotalRow.isTotal(cells) else {
            problems.removeAll(keepingCapacity: true)
            found.append(Problem(.totalRow, row: row, line: line))
            return .faulty(FaultyRow(row: row, line: line))
        }
        guard !problems.isEmpty else { return judgement }
        found.append(contentsOf: problems)
        problems.removeAll(keepingCapacity: true)
        return judgement
    }

    private mutating func judgement(_ cells: some RowCells) -> Judgement {
        let action = action(cells)
        let intentID = take(.intentID, cells, WordCells.intentID)
        let requested = requested(cells, action: action)
        let reason = take(.reason, cells, WordCells.reason) ?? nil
        let reference = take(.reference, cells, WordCells.reference) ?? nil
        let lineItems = lineItems(cells, requested: requested)
        let externalData = externalData(cells)
        let expiresAt = date(.expiresAt, cells, DateCell.iso8601)
        guard problems.isEmpty, cells.faulty == 0, let action, let intentID, let requested else {
            var readable = FaultyRow(row: row, line: line)
            readable.action = action
            readable.intentID = intentID.map(CellText.string)
            readable.requested = requested
            readable.reference = reference.map(CellText.string)
            return .faulty(readable)
        }
        parts = .of(lineItems: lineItems, externalData: externalData)
        return .good(
            LentRow(
                row: row, line: line, action: action, intentID: intentID, requested: requested,
                reason: reason, reference: reference, expiresAt: expiresAt,
                parts: parts.map(Unmanaged.passUnretained)))
    }

    private mutating func action(_ cells: some RowCells) -> Action? {
        guard let cell = cell(.action, cells) else {
            // Without the column there is one action, or the header's problem says that it is missing.
            return only
        }
        do {
            let action = try WordCells.action(cell, only: only)
            if let only, action != only {
                report(.actionNotAllowed(allowed: allowed), .action, cell, cells)
            }
            return action
        } catch {
            report(error, .action, cell, cells)
            return nil
        }
    }

    /// nil when the amount or its currency is a problem.
    private mutating func requested(_ cells: some RowCells, action: Action?) -> RequestedAmount? {
        let currencyCell = cell(.currency, cells).flatMap { $0.isEmpty ? nil : $0 }
        var currency: Currency?
        if let currencyCell {
            do { currency = try CurrencyCell.currency(currencyCell) } catch {
                report(error, .currency, currencyCell, cells)
            }
        }
        guard !cells.isFaulty(.amount) else { return nil }
        let amount = cell(.amount, cells) ?? Cell(start: nil, count: 0)
        do throws(FileFault) {
            switch AmountCell.kind(amount) {
            case .blank where action == .capture && !blankAmountIsAll: throw .amountMissing
            case .blank, .all: return .everything(currency)
            case .figures:
                if let currency {
                    let minorUnits = try AmountCell.minorUnits(
                        amount, currency: currency, decimal: cells.decimal)
                    return .exactly(Money(minorUnits: minorUnits, currency: currency))
                }
                try AmountCell.checkFigures(amount, decimal: cells.decimal)
                if currencyCell == nil {
                    report(.currencyMissing, .currency, Cell(start: nil, count: 0), cells)
                }
                return nil
            }
        } catch {
            report(error, .amount, amount, cells)
            return nil
        }
    }

    private mutating func lineItems(_ cells: some RowCells, requested: RequestedAmount?) -> [LineAmount] {
        // Without an amount that holds there is nothing to judge the items by.
        guard let cell = cell(.lineItems, cells), !cell.isEmpty, let requested else { return [] }
        guard case .exactly(let amount) = requested else {
            report(.lineItemsWithoutAmount, .lineItems, cell, cells)
            return []
        }
        do {
            let items =
                if let parts = cells.lineItems {
                    try LineItemsCell.items(parts, currency: amount.currency, decimal: cells.decimal)
                } else {
                    try LineItemsCell.items(cell, currency: amount.currency, decimal: cells.decimal)
                }
            try LineItemsCell.checkSum(items, equals: amount)
            return items
        } catch {
            report(error, .lineItems, cell, cells)
            return []
        }
    }

    private mutating func externalData(_ cells: some RowCells) -> ExternalData? {
        guard cells.hasExternalData || defaults?.hasExternalData == true else { return nil }
        let dateCell = cell(.externalProcessingDate, cells) ?? Cell(start: nil, count: 0)
        guard !dateCell.isEmpty else {
            if let filled = Column.externalTexts.first(where: { cell($0, cells)?.isEmpty == false }) {
                report(.externalDataIncomplete(filled: filled), .externalProcessingDate, dateCell, cells)
            }
            return nil
        }
        guard let date = date(.externalProcessingDate, cells, DateCell.processingDate) else { return nil }
        var externalData = ExternalData(processingDate: date)
        externalData.providerReference = text(.externalProviderReference, cells)
        externalData.merchantReference = text(.externalMerchantReference, cells)
        externalData.providerName = text(.externalProviderName, cells)
        externalData.providerPaymentMethod = text(.externalProviderPaymentMethod, cells)
        return externalData
    }

    private func text(_ column: Column, _ cells: some RowCells) -> String? {
        guard let cell = cell(column, cells), !cell.isEmpty else { return nil }
        return CellText.string(cell)
    }

    private mutating func date(
        _ column: Column, _ cells: some RowCells, _ rule: (Cell) throws(DateFault) -> Int64
    ) -> Int64? {
        guard let cell = cell(column, cells), !cell.isEmpty else { return nil }
        do { return try rule(cell) } catch {
            report(.dateInvalid(column, error), column, cell, cells)
            return nil
        }
    }

    /// What a rule makes of a cell; nil when the file has no such column or the cell is a problem.
    @inline(__always)
    private mutating func take<Value>(
        _ column: Column, _ cells: some RowCells, _ rule: (Cell) throws(FileFault) -> Value
    ) -> Value? {
        guard let cell = cell(column, cells) else { return nil }
        do { return try rule(cell) } catch {
            report(error, column, cell, cells)
            return nil
        }
    }

    /// The cell without surrounding blanks, or what the job says of a blank one; nil when the file has no such
    /// column and the job says nothing.
    @inline(__always)
    private func cell(_ column: Column, _ cells: some RowCells) -> Cell? {
        let cell = cells.cell(column).map(CellText.trimmed)
        if let defaults, cell?.isEmpty ?? true, let text = defaults[column] { return text }
        return cell
    }

    private mutating func report(
        _ fault: FileFault, _ column: Column, _ cell: Cell, _ cells: some RowCells
    ) {
        guard !cells.isFaulty(column) else { return }
        let fault = SpreadsheetDamage.explained(fault, cell)
        problems.append(Problem(fault, row: row, line: line, column: cells.title(of: column), value: cell))
    }
}

/// What a job says of blank cells, at a place that stays the same.
final class DefaultCells {
    private let storage: [UnsafeMutableBufferPointer<UInt8>?]
    private let cells: [Cell?]
    let hasExternalData: Bool

    init(_ texts: [Column: String]) {
        storage = Column.allCases.map { column in
            texts[column].map { text in
                let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
                _ = bytes.initialize(from: text.utf8)
                return bytes
            }
        }
        cells = storage.map { bytes in bytes.map { CellText.trimmed(Cell($0)) } }
        hasExternalData = Column.externalData.contains { texts[$0] != nil }
    }

    deinit {
        for bytes in storage { bytes?.deallocate() }
    }

    subscript(column: Column) -> Cell? { cells[column.index] }
}

import Instructions

/// Judges the cells of one row after the other by the rules of contract, section 3.
///
/// Every rule of a row is asked, whatever another one said, so that all problems come in one pass.
struct RowJudge {
    private let header: Header
    private let allowed: Set<Action>
    private let sortedAllowed: [Action]
    /// Where the columns stand, in the order of `Column.allCases`: a dictionary look-up a cell would be most
    /// of the work.
    private let places: [Int?]
    private let hasExternalData: Bool
    private var currencies = CurrencyCells()
    private var problems: [Problem] = []
    private var row = 0
    private var line = 0

    private static let externalTexts: [Column] = [
        .externalProviderReference, .externalMerchantReference, .externalProviderName,
        .externalProviderPaymentMethod,
    ]

    init(header: Header, allowed: Set<Action>) {
        self.header = header
        self.allowed = allowed
        sortedAllowed = allowed.sorted { $0.rawValue < $1.rawValue }
        places = Column.allCases.map(header.index)
        hasExternalData = ([.externalProcessingDate] + Self.externalTexts).contains { column in
            header.index(of: column) != nil
        }
    }

    /// What a row came to.
    enum Judgement {
        case good(Instruction)
        case faulty(FaultyRow)
    }

    /// Judges one row; its problems are appended.
    mutating func judge(_ fields: CSVFields, row: Int, line: Int, into found: inout [Problem]) -> Judgement {
        self.row = row
        self.line = line
        problems.removeAll(keepingCapacity: true)
        var readable = FaultyRow(row: row, line: line)
        let instruction = instruction(fields, &readable)
        found.append(contentsOf: problems)
        guard problems.isEmpty, let instruction else { return .faulty(readable) }
        return .good(instruction)
    }

    private mutating func instruction(_ fields: CSVFields, _ readable: inout FaultyRow) -> Instruction? {
        let action = action(fields)
        let intentID = take(.intentID, fields, WordCells.intentID)
        let requested = requested(fields, action: action)
        let reason = take(.reason, fields, WordCells.reason) ?? nil
        let reference = take(.reference, fields, WordCells.reference) ?? nil
        let lineItems = lineItems(fields, requested: requested)
        let externalData = externalData(fields)
        let expiresAt = date(.expiresAt, fields, DateCell.iso8601)
        guard problems.isEmpty, let action, let intentID, let requested else {
            readable.action = action
            readable.intentID = intentID
            readable.requested = requested
            readable.reference = reference
            return nil
        }
        var instruction = Instruction(
            row: row, line: line, action: action, intentID: intentID, requested: requested)
        instruction.reason = reason
        instruction.reference = reference
        instruction.lineItems = lineItems
        instruction.externalData = externalData
        instruction.expiresAt = expiresAt
        return instruction
    }

    private mutating func action(_ fields: CSVFields) -> Action? {
        guard let cell = cell(.action, fields) else {
            // Without the column there is one action, or the header's problem says that it is missing.
            return allowed.count == 1 ? allowed.first : nil
        }
        do {
            let action = try WordCells.action(cell, allowed: allowed)
            if !allowed.contains(action) {
                report(.actionNotAllowed(allowed: sortedAllowed), .action, cell)
            }
            return action
        } catch {
            report(error, .action, cell)
            return nil
        }
    }

    /// nil when the amount or its currency is a problem.
    private mutating func requested(_ fields: CSVFields, action: Action?) -> RequestedAmount? {
        let currencyCell = cell(.currency, fields).flatMap { $0.isEmpty ? nil : $0 }
        var currency: Currency?
        if let currencyCell {
            do { currency = try currencies.currency(currencyCell) } catch {
                report(error, .currency, currencyCell)
            }
        }
        let amount = cell(.amount, fields) ?? Cell(start: nil, count: 0)
        do throws(FileFault) {
            switch AmountCell.kind(amount) {
            case .blank where action == .capture: throw .amountMissing
            case .blank, .all: return .everything(currency)
            case .figures:
                if let currency {
                    let minorUnits = try AmountCell.minorUnits(amount, currency: currency)
                    return .exactly(Money(minorUnits: minorUnits, currency: currency))
                }
                try AmountCell.checkFigures(amount)
                if currencyCell == nil { report(.currencyMissing, .currency, Cell(start: nil, count: 0)) }
                return nil
            }
        } catch {
            report(error, .amount, amount)
            return nil
        }
    }

    private mutating func lineItems(_ fields: CSVFields, requested: RequestedAmount?) -> [LineAmount] {
        // Without an amount that holds there is nothing to judge the items by.
        guard let cell = cell(.lineItems, fields), !cell.isEmpty, let requested else { return [] }
        guard case .exactly(let amount) = requested else {
            report(.lineItemsWithoutAmount, .lineItems, cell)
            return []
        }
        do {
            let items = try LineItemsCell.items(cell, currency: amount.currency)
            try LineItemsCell.checkSum(items, equals: amount)
            return items
        } catch {
            report(error, .lineItems, cell)
            return []
        }
    }

    private mutating func externalData(_ fields: CSVFields) -> ExternalData? {
        guard hasExternalData else { return nil }
        let dateCell = cell(.externalProcessingDate, fields) ?? Cell(start: nil, count: 0)
        guard !dateCell.isEmpty else {
            if let filled = Self.externalTexts.first(where: { cell($0, fields)?.isEmpty == false }) {
                report(.externalDataIncomplete(filled: filled), .externalProcessingDate, dateCell)
            }
            return nil
        }
        guard let date = date(.externalProcessingDate, fields, DateCell.processingDate) else { return nil }
        var externalData = ExternalData(processingDate: date)
        externalData.providerReference = text(.externalProviderReference, fields)
        externalData.merchantReference = text(.externalMerchantReference, fields)
        externalData.providerName = text(.externalProviderName, fields)
        externalData.providerPaymentMethod = text(.externalProviderPaymentMethod, fields)
        return externalData
    }

    private func text(_ column: Column, _ fields: CSVFields) -> String? {
        guard let cell = cell(column, fields), !cell.isEmpty else { return nil }
        return CellText.string(cell)
    }

    private mutating func date(
        _ column: Column, _ fields: CSVFields, _ rule: (Cell) throws(DateFault) -> Int64
    ) -> Int64? {
        guard let cell = cell(column, fields), !cell.isEmpty else { return nil }
        do { return try rule(cell) } catch {
            report(.dateInvalid(column, error), column, cell)
            return nil
        }
    }

    /// What a rule makes of a cell; nil when the file has no such column or the cell is a problem.
    private mutating func take<Value>(
        _ column: Column, _ fields: CSVFields, _ rule: (Cell) throws(FileFault) -> Value
    ) -> Value? {
        guard let cell = cell(column, fields) else { return nil }
        do { return try rule(cell) } catch {
            report(error, column, cell)
            return nil
        }
    }

    /// The cell without surrounding blanks; nil when the file has no such column.
    private func cell(_ column: Column, _ fields: CSVFields) -> Cell? {
        places[column.rawValue].map { CellText.trimmed(fields[$0]) }
    }

    private mutating func report(_ fault: FileFault, _ column: Column, _ cell: Cell) {
        problems.append(Problem(fault, row: row, line: line, column: header.title(of: column), value: cell))
    }
}

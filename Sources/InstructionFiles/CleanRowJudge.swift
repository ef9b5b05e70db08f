import Instructions

/// A good row, with what the watch over its columns need not find out again.
struct CleanRow {
    let row: LentRow
    /// Whether the intent id has digits alone.
    let idIsNumber: Bool
}

/// The cells of one row by their places, lent for the length of a call.
protocol PlacedCells {
    var count: Int { get }
    /// The caller names a place below `count`.
    subscript(place: Int) -> Cell { get }
}

extension CSVFields: PlacedCells {}
extension RowMembers: PlacedCells {}

/// Recognises good rows, most of most files, and leaves every other one to `RowJudge`, which says what is wrong with
/// it.
///
/// Made for one header of CSV, or for all lines of NDJSON: it looks at the columns that the file has, and at each
/// once. What it takes `RowJudge` takes too, as the same row; tests and fuzz targets hold the two together. Cells are
/// judged by the same rules, but for blanks around them: a row that has some is none for it.
struct CleanRowJudge {
    /// Blank records may have fewer.
    private let fieldCount: Int
    /// Where the columns stand; nil for those that the file does not have.
    private let action: Int?
    private let intentID: Int
    private let amount: Int?
    private let currency: Int?
    private let reason: Int?
    private let reference: Int?
    private let expiresAt: Int?
    /// Columns that few rows fill in: those that do are left to `RowJudge`.
    private let blank: [Int]
    /// The only action that is allowed, where there is only one.
    private let only: Action?
    private let options: (blankAmountIsAll: Bool, decimal: ReadOptions.DecimalMark)

    /// nil where cells say something else than the file does: in a report, whose cells are guarded, and where the job
    /// has defaults for blank ones.
    init?(_ header: CSVHeader, allowed: Set<Action>, options: ReadOptions) {
        guard !header.isOfReport else { return nil }
        self.init(
            fieldCount: header.names.count, place: header.index(of:), decimal: options.decimal,
            allowed: allowed, options: options)
    }

    /// The same for the lines of NDJSON.
    init?(linesAllowing allowed: Set<Action>, options: ReadOptions) {
        self.init(
            fieldCount: Column.allCases.count, place: { $0.index }, decimal: .point, allowed: allowed,
            options: options)
    }

    private init?(
        fieldCount: Int, place: (Column) -> Int?, decimal: ReadOptions.DecimalMark, allowed: Set<Action>,
        options: ReadOptions
    ) {
        guard options.defaults.isEmpty, let intentID = place(.intentID) else { return nil }
        self.fieldCount = fieldCount
        self.intentID = intentID
        action = place(.action)
        amount = place(.amount)
        currency = place(.currency)
        reason = place(.reason)
        reference = place(.reference)
        expiresAt = place(.expiresAt)
        blank = (Column.externalData + [.lineItems]).compactMap(place)
        only = allowed.count == 1 ? allowed.first : nil
        self.options = (options.blankAmountIsAll, decimal)
    }

    /// nil when the row is not clearly a good one.
    @inline(__always)
    func judge(_ fields: some PlacedCells, row: Int, line: Int) -> CleanRow? {
        guard fields.count == fieldCount else { return nil }
        let intentID = fields[intentID]
        let shape = WordCells.shape(ofID: intentID)
        guard shape != .invalid, let action = action(fields, intentID),
            let requested = requested(fields, action)
        else { return nil }
        var reason: Cell?
        if let place = self.reason, !fields[place].isEmpty {
            let cell = fields[place]
            guard !Self.hasBlankEnd(cell), cell.count <= FileFault.Limit.reason else { return nil }
            reason = cell
        }
        var reference: Cell?
        if let place = self.reference, !fields[place].isEmpty {
            let cell = fields[place]
            guard !Self.hasBlankEnd(cell), cell.count <= FileFault.Limit.reference,
                !SpreadsheetDamage.isScientific(cell)
            else { return nil }
            reference = cell
        }
        var expiresAt: Int64?
        if let place = self.expiresAt, !fields[place].isEmpty {
            guard let date = try? DateCell.iso8601(fields[place]) else { return nil }
            expiresAt = date
        }
        for place in blank where !fields[place].isEmpty { return nil }
        let lent = LentRow(
            row: row, line: line, action: action, intentID: intentID, requested: requested, reason: reason,
            reference: reference, expiresAt: expiresAt, parts: nil)
        return CleanRow(row: lent, idIsNumber: shape == .number)
    }

    @inline(__always)
    private func action(_ fields: some PlacedCells, _ intentID: Cell) -> Action? {
        if let place = action, !fields[place].isEmpty {
            guard let action = WordCells.action(named: fields[place]), only == nil || action == only else {
                return nil
            }
            return action
        }
        // A row of a total has no action, and a total's word in the place of the intent.
        return TotalRow.isWord(intentID) ? nil : only
    }

    @inline(__always)
    private func requested(_ fields: some PlacedCells, _ action: Action) -> RequestedAmount? {
        var currency: Currency?
        if let place = self.currency, !fields[place].isEmpty {
            guard let known = CurrencyCell.known(fields[place]) else { return nil }
            currency = known
        }
        guard let place = amount, !fields[place].isEmpty else {
            return action == .capture && !options.blankAmountIsAll ? nil : .everything(currency)
        }
        let cell = fields[place]
        guard AmountCell.kind(cell) == .figures else { return .everything(currency) }
        guard let currency,
            case .success(let minorUnits) = Money.minorUnits(
                majorBytes: cell, currency: currency, decimalMark: options.decimal.byte), minorUnits > 0
        else { return nil }
        return .exactly(Money(minorUnits: minorUnits, currency: currency))
    }

    @inline(__always)
    private static func hasBlankEnd(_ cell: Cell) -> Bool {
        CellText.isBlank(cell[0]) || CellText.isBlank(cell[cell.count - 1])
    }
}

import Instructions

/// The header of a CSV file: which column stands where, and what is wrong with it.
///
/// A class, so that it can be lent to each row's cells without copying its tables.
final class CSVHeader {
    /// The names as the file writes them, without surrounding blanks.
    let names: [String]
    /// What is wrong with the header as a whole.
    let problems: [Problem]
    let meanings: [ColumnNames.Meaning]
    /// Where each known column stands, by `Column.index`; the first of two.
    private let places: [Int?]
    private let columnNames: ColumnNames
    /// Whether an earlier report is handed in again, whose cells were guarded against formulas.
    let isOfReport: Bool
    let hasExternalData: Bool

    init(_ fields: CSVFields, line: Int, allowed: Set<Action>, options: ReadOptions) {
        columnNames = ColumnNames(options)
        names = (0..<fields.count).map { CellText.string(CellText.trimmed(fields[$0])) }
        meanings = names.map(columnNames.meaning)
        var places = [Int?](repeating: nil, count: Column.allCases.count)
        var problems: [Problem] = []
        for (index, meaning) in meanings.enumerated() {
            let title = names[index]
            switch meaning {
            case .column(let column) where places[column.index] != nil:
                problems.append(
                    Problem(.columnDuplicate(column), line: line, column: title, value: fields[index]))
            case .column(let column):
                places[column.index] = index
            case .nearMiss(let column):
                problems.append(
                    Problem(.columnNearMiss(column), line: line, column: title, value: fields[index]))
            case .externalData, .resultRun, .resultRow, .result, .other:
                continue
            }
        }
        if fields.isBlank {
            problems.append(Problem(.headerBlank, line: line))
        } else {
            for column in Self.needed(allowed, options) where places[column.index] == nil {
                let sorted = allowed.sorted { $0.rawValue < $1.rawValue }
                let name = columnNames.name(of: column)
                let fault = FileFault.columnMissing(column, name: name, allowed: sorted)
                problems.append(Problem(fault, line: line, column: name))
            }
        }
        self.places = places
        self.problems = problems
        isOfReport = meanings.contains(where: \.isOfReport)
        hasExternalData = Column.externalData.contains { places[$0.index] != nil }
    }

    @inline(__always)
    func index(of column: Column) -> Int? { places[column.index] }

    /// The column's name as the file writes it.
    func title(of column: Column) -> String {
        index(of: column).map { names[$0] } ?? columnNames.name(of: column)
    }

    /// The name of a field, or its number where the header gives none.
    func title(at index: Int) -> String {
        guard names.indices.contains(index), !names[index].isEmpty else { return String(index + 1) }
        return names[index]
    }

    /// What every row must be able to say, and what the job says that the file has.
    private static func needed(_ allowed: Set<Action>, _ options: ReadOptions) -> [Column] {
        var needed: Set<Column> = [.intentID]
        if allowed.count > 1, options.defaults[.action] == nil { needed.insert(.action) }
        if allowed == [.capture], !options.blankAmountIsAll { needed.insert(.amount) }
        needed.formUnion(options.columns.keys)
        return Column.allCases.filter(needed.contains)
    }
}

extension Column {
    static let externalTexts: [Column] = [
        .externalProviderReference, .externalMerchantReference, .externalProviderName,
        .externalProviderPaymentMethod,
    ]

    static let externalData = [.externalProcessingDate] + externalTexts
}

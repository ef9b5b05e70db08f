import InstructionFiles
import Instructions

/// The stable codes of the rules over the whole file.
package enum RuleProblemCode: String, CaseIterable, Sendable {
    case duplicate
    case referenceDuplicate = "reference_duplicate"
    case conflict
    case sumTooLarge = "sum_too_large"
    case maxRows = "max_rows"
    case maxSum = "max_sum"
    case maxInvalid = "max_invalid"
    case totalsRows = "totals_rows"
    case totalsSum = "totals_sum"
    case totalsUnreadable = "totals_unreadable"
    case totalsMissing = "totals_missing"
}

/// What breaks a rule over the whole file; `Wording.swift` says it.
enum RuleFault: Equatable {
    // A row and an earlier one, whose number is given.
    case duplicate(intentID: String, earlier: Int)
    case referenceDuplicate(reference: String, earlier: Int)
    case conflict(intentID: String, earlier: Int, earlierAction: Action)
    // The file as a whole.
    case sumTooLarge(action: Action, currency: String)
    case tooManyRows(rows: Int, maximum: Int)
    /// `found` is nil beyond 64 bits.
    case sumBeyondMaximum(found: Money?, maximum: Money)
    case tooManyBadRows(bad: Int, rows: Int, partsPerMillion: Int)
    case rowsDiffer(expected: Int, found: Int)
    /// `expected` is nil for a sum that nobody expects.
    case sumDiffers(action: Action, currency: Currency, expected: RowSum?, found: RowSum)
    case totalsUnreadable(file: String, reason: String)
    case totalsMissing(file: String)

    struct RowSum: Equatable {
        /// nil where only the sum is expected.
        var rows: Int?
        /// nil beyond 64 bits.
        var minorUnits: Int64?
    }

    var code: RuleProblemCode {
        switch self {
        case .duplicate: .duplicate
        case .referenceDuplicate: .referenceDuplicate
        case .conflict: .conflict
        case .sumTooLarge: .sumTooLarge
        case .tooManyRows: .maxRows
        case .sumBeyondMaximum: .maxSum
        case .tooManyBadRows: .maxInvalid
        case .rowsDiffer: .totalsRows
        case .sumDiffers: .totalsSum
        case .totalsUnreadable: .totalsUnreadable
        case .totalsMissing: .totalsMissing
        }
    }

    /// A file whose totals are still to come waits; that is no fault of the file.
    var severity: Problem.Severity { code == .totalsMissing ? .warning : .error }

    /// Where the problem is shown.
    var column: Column? {
        switch self {
        case .duplicate, .conflict: .intentID
        case .referenceDuplicate: .reference
        case .sumTooLarge, .sumBeyondMaximum, .sumDiffers: .amount
        default: nil
        }
    }

    var value: String? {
        switch self {
        case .duplicate(let intentID, _), .conflict(let intentID, _, _): String(intentID.prefix(80))
        case .referenceDuplicate(let reference, _): reference
        default: nil
        }
    }
}

extension Problem {
    /// A fault of the file as a whole.
    init(_ fault: RuleFault) {
        self.init(
            code: fault.code.rawValue, severity: fault.severity, column: fault.column?.name,
            message: fault.message, mend: fault.mend)
    }

    /// A fault of a row.
    init(_ fault: RuleFault, of row: Instruction, title: (Column) -> String) {
        self.init(
            code: fault.code.rawValue, severity: fault.severity, row: row.row, line: row.line,
            column: fault.column.map(title),
            value: fault.value.flatMap { CardNumber.stands(in: $0) ? nil : $0 }, message: fault.message,
            mend: fault.mend)
    }
}

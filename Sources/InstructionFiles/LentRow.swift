package import Instructions

/// One valid row whose texts still lie where they were read: good until the reader is asked for its next finding.
///
/// Whoever looks at a row and lets it go, as the check of a file does with nearly all, is spared its texts.
package struct LentRow {
    package let row: Int
    package let line: Int
    package let action: Action
    package let intentID: Cell
    package let requested: RequestedAmount
    /// nil when blank, as `reference` is.
    package let reason: Cell?
    package let reference: Cell?
    package let expiresAt: Int64?
    /// What few rows have; the row's judge keeps it as long as the row is lent, so that nobody counts references.
    let parts: Unmanaged<RowParts>?

    /// Stands where no row was lent yet.
    static var none: LentRow {
        LentRow(
            row: 0, line: 0, action: .cancel, intentID: Cell(start: nil, count: 0),
            requested: .everything(nil), reason: nil, reference: nil, expiresAt: nil, parts: nil)
    }

    package var lineItems: [LineAmount] { parts?.takeUnretainedValue().lineItems ?? [] }

    /// The row to be kept.
    package var instruction: Instruction {
        var instruction = Instruction(
            row: row, line: line, action: action, intentID: CellText.string(intentID), requested: requested)
        instruction.reason = reason.map(CellText.string)
        instruction.reference = reference.map(CellText.string)
        instruction.lineItems = lineItems
        instruction.externalData = parts?.takeUnretainedValue().externalData
        instruction.expiresAt = expiresAt
        return instruction
    }
}

/// Line items and external data, behind one reference, so that rows without them are small.
final class RowParts: Sendable {
    let lineItems: [LineAmount]
    let externalData: ExternalData?

    /// nil when there is nothing.
    @inline(__always)
    static func of(lineItems: [LineAmount], externalData: ExternalData?) -> RowParts? {
        guard !lineItems.isEmpty || externalData != nil else { return nil }
        return RowParts(lineItems: lineItems, externalData: externalData)
    }

    private init(lineItems: [LineAmount], externalData: ExternalData?) {
        self.lineItems = lineItems
        self.externalData = externalData
    }
}

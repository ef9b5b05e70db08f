import Instructions

/// The rules of the columns that hold words: `action`, `intent_id`, `reason`, `reference`.
enum WordCells {
    static func action(_ cell: Cell, allowed: Set<Action>) throws(FileFault) -> Action {
        if cell.isEmpty {
            // The column is not needed where only one action is allowed, so its cells are not either.
            guard allowed.count == 1, let only = allowed.first else { throw .actionMissing }
            return only
        }
        if CellText.equals(cell, ignoringCase: "cancel") { return .cancel }
        if CellText.equals(cell, ignoringCase: "capture") { return .capture }
        throw .actionUnknown
    }

    static func intentID(_ cell: Cell) throws(FileFault) -> String {
        guard !cell.isEmpty else { throw .intentIDMissing }
        guard isID(cell) else { throw .intentIDInvalid }
        return CellText.string(cell)
    }

    /// 1 to 128 of `A-Z a-z 0-9 _ -`.
    static func isID(_ cell: Cell) -> Bool {
        guard !cell.isEmpty, cell.count <= FileFault.Limit.intentID else { return false }
        return cell.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    static func reason(_ cell: Cell) throws(FileFault) -> String? {
        guard !cell.isEmpty else { return nil }
        let count = CellText.scalarCount(cell)
        guard count <= FileFault.Limit.reason else { throw .reasonTooLong(characters: count) }
        return CellText.string(cell)
    }

    static func reference(_ cell: Cell) throws(FileFault) -> String? {
        guard !cell.isEmpty else { return nil }
        let count = CellText.scalarCount(cell)
        guard !SpreadsheetDamage.isScientific(cell) else { throw .idScientific }
        guard count <= FileFault.Limit.reference else { throw .referenceTooLong(characters: count) }
        return CellText.string(cell)
    }
}

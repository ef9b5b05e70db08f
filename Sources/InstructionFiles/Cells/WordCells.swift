import Instructions

/// The rules of the columns that hold words: `action`, `intent_id`, `reason`, `reference`.
enum WordCells {
    /// - Parameter only: the one action that is allowed: then the column is not needed, nor are its cells.
    static func action(_ cell: Cell, only: Action?) throws(FileFault) -> Action {
        if cell.isEmpty {
            guard let only else { throw .actionMissing }
            return only
        }
        guard let action = action(named: cell) else { throw .actionUnknown }
        return action
    }

    @inline(__always)
    static func action(named cell: Cell) -> Action? {
        if CellText.equals(cell, ignoringCase: "cancel") { return .cancel }
        if CellText.equals(cell, ignoringCase: "capture") { return .capture }
        return nil
    }

    static func intentID(_ cell: Cell) throws(FileFault) -> Cell {
        guard !cell.isEmpty else { throw .intentIDMissing }
        guard isID(cell) else { throw .intentIDInvalid }
        return cell
    }

    static func isID(_ cell: Cell) -> Bool { shape(ofID: cell) != .invalid }

    enum IDShape {
        case invalid
        /// Digits alone.
        case number
        /// 1 to 128 of `A-Z a-z 0-9 _ -`.
        case word
    }

    @inline(__always)
    static func shape(ofID cell: Cell) -> IDShape {
        guard !cell.isEmpty, cell.count <= FileFault.Limit.intentID else { return .invalid }
        guard !CellText.isNumber(cell) else { return .number }
        for byte in cell {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                continue
            default: return .invalid
            }
        }
        return .word
    }

    /// nil when the cell is blank, as `reference` is.
    static func reason(_ cell: Cell) throws(FileFault) -> Cell? {
        guard !cell.isEmpty else { return nil }
        // Few cells have as many bytes, let alone characters.
        guard cell.count > FileFault.Limit.reason else { return cell }
        let count = CellText.scalarCount(cell)
        guard count <= FileFault.Limit.reason else { throw .reasonTooLong(characters: count) }
        return cell
    }

    static func reference(_ cell: Cell) throws(FileFault) -> Cell? {
        guard !cell.isEmpty else { return nil }
        guard !SpreadsheetDamage.isScientific(cell) else { throw .idScientific }
        guard cell.count > FileFault.Limit.reference else { return cell }
        let count = CellText.scalarCount(cell)
        guard count <= FileFault.Limit.reference else { throw .referenceTooLong(characters: count) }
        return cell
    }
}

/// Keeps cells of a report from being run as formulas by a spreadsheet that opens it, and takes that off again
/// when the report comes back.
package enum FormulaGuard {
    static let mark = UInt8(ascii: "'")

    /// `=`, `+`, `-`, `@`, a tab or a carriage return: the starts that OWASP's page on CSV injection names.
    @inline(__always)
    private static func isStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }

    /// With a leading `'` when the cell starts as a formula does, whatever `'` of its own stand before: so that
    /// `unguarded` gives back what it was.
    package static func guarded(_ cell: [UInt8]) -> [UInt8] {
        cell.withUnsafeBufferPointer(needsMark) ? [mark] + cell : cell
    }

    /// Whether `guarded` puts a `'` before the cell.
    @inline(__always)
    static func needsMark(_ cell: Cell) -> Bool {
        for byte in cell where byte != mark { return isStart(byte) }
        return false
    }

    /// Without the `'` that `guarded` put there.
    static func unguarded(_ cell: Cell) -> Cell {
        guard cell.first == mark, let start = cell.first(where: { $0 != mark }), isStart(start) else {
            return cell
        }
        return Cell(rebasing: cell[1...])
    }
}

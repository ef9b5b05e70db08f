/// Keeps cells from being run as formulas by a spreadsheet that opens the report.
enum FormulaGuard {
    /// With a leading `'` when the cell starts with `=`, `+`, `-`, `@`, a tab or a carriage return: the
    /// starts that OWASP's page on CSV injection names.
    static func guarded(_ cell: [UInt8]) -> [UInt8] {
        switch cell.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D:
            [UInt8(ascii: "'")] + cell
        default: cell
        }
    }
}

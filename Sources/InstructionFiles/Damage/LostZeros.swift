/// Judges whether numbers of a column lost their leading zeros, as a spreadsheet takes them off.
///
/// The siblings tell: those that kept a leading zero all have one width, no number of the column is longer,
/// and at least as many have that width as are shorter.
struct LostZeros {
    /// Longer numbers are not looked at.
    private static let longest = 32

    /// Numbers by their length, without and with leading zeros.
    private var plain = [Int](repeating: 0, count: longest + 1)
    private var padded = [Int](repeating: 0, count: longest + 1)
    private var hasLonger = false

    /// Takes a cell of digits alone.
    mutating func visit(number cell: Cell) {
        guard let first = cell.first else { return }
        guard cell.count <= Self.longest else {
            hasLonger = true
            return
        }
        if first == UInt8(ascii: "0"), cell.count > 1 {
            padded[cell.count] += 1
        } else {
            plain[cell.count] += 1
        }
    }

    /// The width that shorter numbers lost zeros of; nil when there is nothing to say.
    var width: Int? {
        guard !hasLonger, let width = padded.lastIndex(where: { $0 > 0 }),
            padded.firstIndex(where: { $0 > 0 }) == width, plain[(width + 1)...].allSatisfy({ $0 == 0 })
        else { return nil }
        let short = plain[..<width].reduce(0, +)
        return short > 0 && padded[width] + plain[width] >= short ? width : nil
    }

    static func isShort(_ cell: Cell, width: Int) -> Bool {
        !cell.isEmpty && cell.count < width && cell.allSatisfy(CellText.isDigit)
    }
}

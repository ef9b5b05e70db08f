import Glibc

/// Judges whether the long numbers of a column of ids went through a spreadsheet, which keeps 15 significant
/// digits and puts zeros after them: other ids that look valid.
///
/// An id of L digits looks so by chance with p = 10^(15 - L): one of 10,000 ids of 19 digits. The column is
/// rounded when chance does not explain what it shows, either way:
///
/// - The chance of k or more such ids among n, Σp = µ, is at most e^(k-µ) (µ/k)^k for k > µ (Chernoff's bound
///   for independent trials of any p). Rounded when that is at most 10⁻⁶. 19 digits: n = 10 needs k = 3,
///   100 → 3, 1,000 → 5, 10,000 → 10, 100,000 → 31.
/// - All n look so. Their chance is the product of the p; rounded when that is at most 10⁻⁴: a single id of
///   19 digits, two of 17, four of 16.
///
/// So a column that was rounded is always found, unless its ids have fewer than 19 digits and are very few,
/// and an honest column is taken for a rounded one at most once in a million files. But for files of one row:
/// one id alone proves nothing, only that damage is likelier than a chance of 1 in 10,000. Beside another
/// honest id it passes. The bounds hold for ids whose last digits are as good as random.
struct RoundedIDs {
    /// Significant digits that a spreadsheet keeps.
    static let keptDigits = 15
    private static let chanceLimit = log(1e-6)
    /// As many zeros together: a chance of 10⁻⁴.
    private static let zerosLimit = 4

    /// Numbers of more than 15 digits.
    private(set) var ids = 0
    private(set) var rounded = 0
    private var expected = 0.0
    private var zeros = 0

    /// Takes one id of the column.
    mutating func visit(_ id: some RandomAccessCollection<UInt8>) {
        guard let isRounded = Self.isRounded(id) else { return }
        note(length: id.count, isRounded: isRounded)
    }

    /// The same for a cell of digits alone.
    @inline(__always)
    mutating func visit(number cell: Cell) {
        guard cell.count > Self.keptDigits, cell[0] != UInt8(ascii: "0") else { return }
        // Few end with a zero.
        let isRounded = cell[cell.count - 1] == UInt8(ascii: "0") && Self.isRounded(cell) == true
        note(length: cell.count, isRounded: isRounded)
    }

    @inline(__always)
    private mutating func note(length: Int, isRounded: Bool) {
        ids += 1
        expected += Self.chances[min(length, Self.chances.count - 1)]
        zeros += length - Self.keptDigits
        if isRounded { rounded += 1 }
    }

    /// Whether chance does not explain what the column shows.
    var isProven: Bool {
        guard rounded > 0 else { return false }
        if rounded == ids, zeros >= Self.zerosLimit { return true }
        let count = Double(rounded)
        guard count > expected else { return false }
        return count - expected + count * log(expected / count) <= Self.chanceLimit
    }

    /// Whether a number of more than 15 digits has zeros behind the first 15; nil for any other text. A number
    /// with a leading zero did not come through a spreadsheet.
    static func isRounded(_ id: some RandomAccessCollection<UInt8>) -> Bool? {
        guard id.count > keptDigits, id.first != UInt8(ascii: "0"), id.allSatisfy(CellText.isDigit) else {
            return nil
        }
        return id.dropFirst(keptDigits).allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// By length; far beyond any number that a spreadsheet writes without an exponent.
    private static let chances: [Double] = (0...64).map {
        $0 > keptDigits ? pow(10, Double(keptDigits - $0)) : 0
    }
}

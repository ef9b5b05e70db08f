import Glibc
import Instructions

/// Numbers the members of NDJSON lines by their names, as the columns of a CSV file are numbered by their
/// places. Lines mostly have the same members in the same order, so that the name at the same place is tried
/// first.
struct MemberColumns {
    /// Further names have one number together: a file with a name of its own in every line must not fill the
    /// memory.
    private static let limit = 1_000

    private var names: [[UInt8]] = []
    private var watched: [Bool] = []
    private let columns: ColumnNames
    private let exceptions: Set<String>

    init(_ columns: ColumnNames, except exceptions: Set<String>) {
        self.columns = columns
        self.exceptions = exceptions
    }

    /// The number of a name; nil when the column is not searched for card numbers.
    mutating func index(of name: Cell, at place: Int) -> Int? {
        let index: Int
        if place < names.count, Self.isSame(name, names[place]) {
            index = place
        } else if let found = names.firstIndex(where: { Self.isSame(name, $0) }) {
            index = found
        } else {
            index = names.count
            guard index < Self.limit else { return Self.limit }
            names.append(Array(name))
            watched.append(columns.mayHoldCards(CellText.string(name), except: exceptions))
        }
        return watched[index] ? index : nil
    }

    @inline(__always)
    private static func isSame(_ name: Cell, _ known: [UInt8]) -> Bool {
        guard name.count == known.count else { return false }
        return name.baseAddress.map { memcmp($0, known, known.count) == 0 } ?? true
    }
}

extension ColumnNames {
    /// Whether a column is searched for card numbers (contract, section 3). What an earlier report added is
    /// our own text.
    func mayHoldCards(_ name: String, except exceptions: Set<String>) -> Bool {
        switch meaning(of: name) {
        case .column(.intentID), .column(.lineItems), .resultRun, .resultRow, .result: false
        default: !exceptions.contains(Self.normalized(name))
        }
    }
}

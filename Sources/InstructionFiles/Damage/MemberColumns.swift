import Instructions

/// Which members of NDJSON lines are searched for card numbers, by the numbers of their names (`MemberNames.Found`):
/// they number the members' columns as the columns of a CSV file are numbered by their places.
struct MemberColumns {
    /// By number; nil for those not met yet.
    private var watched: [Bool?] = Array(repeating: nil, count: MemberNames.mostRemembered)
    private let columns: ColumnNames
    private let exceptions: Set<String>

    init(_ columns: ColumnNames, except exceptions: Set<String>) {
        self.columns = columns
        self.exceptions = exceptions
    }

    /// Whether the column of that name, as a line writes it, is searched. Names beyond those that are remembered have
    /// one number together, and are.
    @inline(__always)
    mutating func isWatched(_ number: Int, _ name: Cell) -> Bool {
        guard number < watched.count else { return true }
        if let known = watched[number] { return known }
        return look(at: number, name)
    }

    private mutating func look(at number: Int, _ name: Cell) -> Bool {
        let isWatched = columns.mayHoldCards(CellText.string(name), except: exceptions)
        watched[number] = isWatched
        return isWatched
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

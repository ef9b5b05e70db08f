import Instructions

/// What one line of NDJSON holds, by column, pointing into the line; good until the next line.
///
/// A class so that the scanner can fill it and a judge read it without copying tables.
final class RowMembers {
    /// A fault of the members' form, known before any rule of a cell is asked.
    struct Fault {
        let fault: FileFault
        /// The member's name as the file writes it.
        let name: String
        let value: Cell
    }

    // `@exclusivity(unchecked)`: nothing calls back while one of these is read or written, and the checks were a
    // quarter of the time of a line.

    /// By `Column.index`.
    private let cells = UnsafeMutablePointer<Cell>.allocate(capacity: Column.allCases.count)
    @exclusivity(unchecked) private(set) var filled: UInt32 = 0
    /// Columns whose member is a problem already, one bit each by `Column.index`.
    @exclusivity(unchecked) private(set) var faulty: UInt32 = 0
    @exclusivity(unchecked) private(set) var faults: [Fault] = []
    /// Where each member stands in the line, from its name to the end of its value.
    @exclusivity(unchecked) private(set) var allExtents: [Range<Int>] = []
    /// Of each of those, where its name ends and its value starts.
    @exclusivity(unchecked) private var splits: [(nameEnd: Int, valueStart: Int)] = []
    /// Where those of an earlier report stand among them.
    @exclusivity(unchecked) private var ofReport: Set<Int> = []
    /// Of the array in `line_items`; nil when it is text, or not there.
    @exclusivity(unchecked) var lineItems: [LineItemCells]?
    @exclusivity(unchecked) var resultRun = Cell(start: nil, count: 0)
    @exclusivity(unchecked) var resultRow = Cell(start: nil, count: 0)
    @exclusivity(unchecked) var isBlank = false

    init() { cells.initialize(repeating: Cell(start: nil, count: 0), count: Column.allCases.count) }

    deinit { cells.deallocate() }

    /// A blank cell when the line has no such member.
    @inline(__always)
    subscript(column: Column) -> Cell { cells[column.index] }

    /// Places are those of the columns, `Column.index`.
    @inline(__always)
    subscript(place: Int) -> Cell {
        precondition(place >= 0 && place < count, "there is no such column")
        return cells[place]
    }

    let count = Column.allCases.count

    /// Whether its cells are all there is to be judged.
    @inline(__always)
    var isPlain: Bool { faulty == 0 && faults.isEmpty && lineItems == nil && resultRun.isEmpty }

    func clear() {
        cells.update(repeating: Cell(start: nil, count: 0), count: Column.allCases.count)
        filled = 0
        faulty = 0
        if !faults.isEmpty { faults.removeAll() }
        allExtents.removeAll(keepingCapacity: true)
        splits.removeAll(keepingCapacity: true)
        if !ofReport.isEmpty { ofReport.removeAll(keepingCapacity: true) }
        lineItems = nil
        resultRun = Cell(start: nil, count: 0)
        resultRow = Cell(start: nil, count: 0)
        isBlank = false
    }

    @inline(__always)
    func set(_ column: Column, _ cell: Cell) { cells[column.index] = cell }

    /// Notes that the line has the column; false when it had it before.
    @inline(__always)
    func fill(_ column: Column) -> Bool {
        let bit: UInt32 = 1 << UInt32(column.index)
        defer { filled |= bit }
        return filled & bit == 0
    }

    func add(_ fault: FileFault, of column: Column?, name: Cell, value: Cell) {
        if let column { faulty |= 1 << UInt32(column.index) }
        faults.append(Fault(fault: fault, name: CellText.shortened(name), value: value))
    }

    /// - Parameters:
    ///   - nameEnd: where the quote behind the name stands.
    ///   - valueStart: behind the colon and blanks.
    @inline(__always)
    func addExtent(
        _ start: Int, nameEnd: Int, valueStart: Int, _ end: Int, isOfReport: Bool = false
    ) {
        if isOfReport { ofReport.insert(allExtents.count) }
        allExtents.append(start..<end)
        splits.append((nameEnd, valueStart))
    }

    /// The name and the value of a member as the line writes them, without the quotes of a text.
    @inline(__always)
    func halves(ofMember place: Int, in line: Cell) -> (name: Cell, value: Cell) {
        let (extent, split) = (allExtents[place], splits[place])
        let name = Cell(rebasing: line[(extent.lowerBound + 1)..<split.nameEnd])
        let isText = line[split.valueStart] == ByteSearch.quote
        return (
            name,
            Cell(
                rebasing: isText
                    ? line[(split.valueStart + 1)..<(extent.upperBound - 1)]
                    : line[split.valueStart..<extent.upperBound])
        )
    }

    /// The members' places without those of an earlier report.
    var extents: [Range<Int>] {
        guard !ofReport.isEmpty else { return allExtents }
        return allExtents.indices.filter { !ofReport.contains($0) }.map { allExtents[$0] }
    }
}

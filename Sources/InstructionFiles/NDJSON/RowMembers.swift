import Instructions

/// What one line of NDJSON holds, by column, pointing into the line; good until the next line.
///
/// A class so that the scanner can fill it and a judge read it without copying tables.
final class RowMembers {
    /// A member's place in the line.
    struct Member {
        /// From its name to the end of its value.
        let extent: Range<Int>
        /// Where the quote behind the name stands.
        let nameEnd: Int
        /// Behind the colon and blanks.
        let valueStart: Int
        /// The number of its name (`MemberNames.Found`).
        let number: Int
        let isOfReport: Bool

        /// As the line writes it, without its quotes.
        @inline(__always)
        func name(in line: Cell) -> Cell {
            Cell(
                start: line.baseAddress.map { $0 + extent.lowerBound + 1 },
                count: nameEnd - extent.lowerBound - 1)
        }

        /// As the line writes it, without the quotes of a text.
        @inline(__always)
        func value(in line: Cell) -> Cell {
            let quotes = line[valueStart] == ByteSearch.quote ? 1 : 0
            return Cell(
                start: line.baseAddress.map { $0 + valueStart + quotes },
                count: extent.upperBound - valueStart - 2 * quotes)
        }
    }

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
    @exclusivity(unchecked) private(set) var members: [Member] = []
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
        members.removeAll(keepingCapacity: true)
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

    @inline(__always)
    func add(_ member: Member) { members.append(member) }
}

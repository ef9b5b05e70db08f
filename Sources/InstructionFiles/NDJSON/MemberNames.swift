import Glibc
import Instructions

/// What the names of members stand for, remembered as the file writes them: the rows of a file repeat a few
/// names in the same order, so that most are known by one comparison.
///
/// Bounded by `mostRemembered`; names beyond it are looked up anew each time.
final class MemberNames {
    typealias Meaning = ColumnNames.Meaning

    /// A name as it was found in a row.
    struct Found {
        /// The same for the same name throughout the file; names that are not remembered have the last one together.
        let number: Int
        let meaning: Meaning
        /// Whether it stood in this object before.
        let isRepeated: Bool
    }

    private struct Name {
        /// Where the name stands in `bytes`, as written, with its quotes.
        let start: Int
        let count: Int
        let meaning: Meaning
        /// The place of its text in `texts`: a name may be written in several ways (`"x"`, `"\\u0078"`).
        let text: Int
    }

    static let mostRemembered = 1_000

    // `@exclusivity(unchecked)`: nothing calls back while one of these is read or written, and the checks were a
    // quarter of the time of a line.

    private let names: ColumnNames
    /// How a name of this object is said in a header, for the names inside `external_data`.
    private let prefix: String
    private let bytes = ByteBuffer()
    @exclusivity(unchecked) private var remembered: [Name] = []
    @exclusivity(unchecked) private var texts: [[UInt8]] = []
    /// By text, the row that had it last: another time in the same row is a problem.
    @exclusivity(unchecked) private var lastRows: [Int] = []
    /// By the number of a member in its object, the name without escapes that stood there last.
    @exclusivity(unchecked) private var expected: [Int] = []
    /// The names of this row that are not remembered.
    @exclusivity(unchecked) private var others: (row: Int, names: Set<[UInt8]>) = (0, [])

    init(_ names: ColumnNames, prefix: String = "") {
        self.names = names
        self.prefix = prefix
    }

    /// Steps over the name that stands here when it is the one that stood at this place last, as in most rows.
    ///
    /// - Parameter number: how many members stand before it.
    @inline(__always)
    func takeExpected(_ cursor: inout JSONCursor, at number: Int, row: Int) -> Found? {
        guard number < expected.count else { return nil }
        let name = remembered[expected[number]]
        guard name.count <= cursor.end &- cursor.position,
            memcmp(cursor.base + cursor.position, bytes.base + name.start, name.count) == 0
        else { return nil }
        cursor.position &+= name.count
        return note(expected[number], row: row)
    }

    /// What a name of a row's object stands for.
    ///
    /// - Parameters:
    ///   - written: its bytes with its quotes.
    ///   - number: how many members stand before it.
    ///   - unescaped: its text.
    func meaning(of written: Cell, at number: Int, row: Int, unescaped: Cell) -> Found {
        let hasEscapes = written.count != unescaped.count + 2
        if let known = remembered.firstIndex(where: { isSame(written, $0) }) {
            if !hasEscapes { expect(known, at: number) }
            return note(known, row: row)
        }
        let meaning = lookUp(unescaped)
        guard remembered.count < Self.mostRemembered else {
            let isRepeated: Bool
            if let place = texts.firstIndex(where: { $0.elementsEqual(unescaped) }) {
                isRepeated = lastRows[place] == row
                lastRows[place] = row
            } else {
                if others.row != row { others = (row, []) }
                isRepeated = !others.names.insert(Array(unescaped)).inserted
            }
            return Found(number: Self.mostRemembered, meaning: meaning, isRepeated: isRepeated)
        }
        let place = texts.firstIndex { $0.elementsEqual(unescaped) } ?? texts.count
        if place == texts.count {
            texts.append(Array(unescaped))
            lastRows.append(0)
        }
        remembered.append(Name(start: bytes.count, count: written.count, meaning: meaning, text: place))
        bytes.append(written)
        if !hasEscapes { expect(remembered.count - 1, at: number) }
        return note(remembered.count - 1, row: row)
    }

    /// How the row writes the name of a column; nil when it has none.
    func name(of column: Column, row: Int) -> String? {
        remembered.first { $0.meaning == .column(column) && lastRows[$0.text] == row }.map {
            CellText.shortened(Cell(start: bytes.base + $0.start + 1, count: $0.count - 2))
        }
    }

    private func lookUp(_ unescaped: Cell) -> Meaning {
        guard unescaped.count <= 256 else { return .other }
        let name = CellText.string(unescaped)
        guard !prefix.isEmpty else { return names.meaning(of: name) }
        switch names.meaning(of: prefix + ColumnNames.normalized(name)) {
        case .externalData: return .other
        case let meaning: return meaning
        }
    }

    private func isSame(_ written: Cell, _ name: Name) -> Bool {
        guard written.count == name.count, let start = written.baseAddress else { return false }
        return memcmp(start, bytes.base + name.start, name.count) == 0
    }

    @inline(__always)
    private func note(_ index: Int, row: Int) -> Found {
        let name = remembered[index]
        let isRepeated = lastRows[name.text] == row
        lastRows[name.text] = row
        return Found(number: index, meaning: name.meaning, isRepeated: isRepeated)
    }

    private func expect(_ index: Int, at place: Int) {
        if place < expected.count {
            expected[place] = index
        } else if place == expected.count {
            expected.append(index)
        }
    }
}

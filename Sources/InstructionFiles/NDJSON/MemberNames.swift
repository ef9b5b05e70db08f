import Glibc
import Instructions

/// What the names of members stand for, remembered as the file writes them: the rows of a file repeat a few
/// names in the same order, so that most are known by one comparison.
///
/// Bounded by `mostRemembered`; names beyond it are looked up anew each time.
final class MemberNames {
    typealias Meaning = ColumnNames.Meaning

    private struct Name {
        /// Where the name stands in `bytes`, as written between its quotes.
        let start: Int
        let count: Int
        let meaning: Meaning
        /// The place of its text in `texts`: a name may be written in several ways (`"x"`, `"\\u0078"`).
        let text: Int
    }

    private static let mostRemembered = 256

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
    /// By the number of a member in its object, the name that stood there last.
    @exclusivity(unchecked) private var expected: [Int] = []
    /// The names of this row that are not remembered.
    @exclusivity(unchecked) private var others: (row: Int, names: Set<[UInt8]>) = (0, [])

    init(_ names: ColumnNames, prefix: String = "") {
        self.names = names
        self.prefix = prefix
    }

    /// What the next name of a row's object stands for, and whether it stood in that object before.
    ///
    /// - Parameters:
    ///   - written: the bytes between its quotes.
    ///   - number: how many members stand before it.
    ///   - unescaped: its text.
    func meaning(of written: Cell, at number: Int, row: Int, unescaped: Cell) -> (Meaning, isRepeated: Bool) {
        if number < expected.count, isSame(written, remembered[expected[number]]) {
            return note(expected[number], row: row)
        }
        if let known = remembered.firstIndex(where: { isSame(written, $0) }) {
            expect(known, at: number)
            return note(known, row: row)
        }
        let meaning = lookUp(unescaped)
        guard remembered.count < Self.mostRemembered else {
            if let place = texts.firstIndex(where: { $0.elementsEqual(unescaped) }) {
                defer { lastRows[place] = row }
                return (meaning, lastRows[place] == row)
            }
            if others.row != row { others = (row, []) }
            return (meaning, !others.names.insert(Array(unescaped)).inserted)
        }
        let place = texts.firstIndex { $0.elementsEqual(unescaped) } ?? texts.count
        if place == texts.count {
            texts.append(Array(unescaped))
            lastRows.append(0)
        }
        remembered.append(Name(start: bytes.count, count: written.count, meaning: meaning, text: place))
        bytes.append(written)
        expect(remembered.count - 1, at: number)
        return note(remembered.count - 1, row: row)
    }

    /// How the row writes the name of a column; nil when it has none.
    func name(of column: Column, row: Int) -> String? {
        remembered.first { $0.meaning == .column(column) && lastRows[$0.text] == row }.map {
            CellText.shortened(Cell(start: bytes.base + $0.start, count: $0.count))
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

    private func note(_ index: Int, row: Int) -> (Meaning, isRepeated: Bool) {
        let name = remembered[index]
        let isRepeated = lastRows[name.text] == row
        lastRows[name.text] = row
        return (name.meaning, isRepeated)
    }

    private func expect(_ index: Int, at place: Int) {
        if place < expected.count {
            expected[place] = index
        } else if place == expected.count {
            expected.append(index)
        }
    }
}

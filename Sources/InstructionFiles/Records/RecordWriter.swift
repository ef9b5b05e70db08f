import JSON

/// Writes records of an instruction file again, in its dialect, with cells added at their end: one record at a
/// time, into memory that the next one takes again.
///
///     begin(record)    add(…) for each added column    end() → its bytes
///
/// A class so that its memory stays at one place.
package final class RecordWriter {
    private let isCSV: Bool
    private let csv: CSVWriter
    /// Of the added columns.
    private let names: [String]
    /// Of NDJSON: each added column's name as a member begins, with the comma before it.
    private let keys: [[UInt8]]
    /// What comes before the first record: the byte order mark, if the dialect needs one.
    package let start: [UInt8]

    private let output = ByteBuffer()
    /// Cells of the present record so far; the added ones among them.
    private var cellCount = 0
    private var addedCount = 0

    /// - Parameter names: those of the columns that are added; a record may leave out the last ones.
    package init(_ dialect: FileDialect, added names: [String]) {
        isCSV = dialect.format == .csv
        csv = CSVWriter(delimiter: dialect.delimiter)
        self.names = names
        keys = names.map { [UInt8(ascii: ",")] + JSONValue.string($0).bytes() + [UInt8(ascii: ":")] }
        start = dialect.needsByteOrderMark ? PlainBytes.byteOrderMark : []
    }

    /// The header of CSV with the first of the names added; NDJSON has none. Good until the next record begins.
    package func header(_ record: LentRecord, adding count: Int) -> Cell {
        precondition(isCSV, "NDJSON has no header")
        begin(record)
        for name in names.prefix(count) { add(name) }
        return end()
    }

    /// Begins a record with what the file says.
    package func begin(_ record: LentRecord) {
        begin()
        switch record.content {
        case .fields(let fields, kept: nil): copy(fields)
        case .fields(let fields, kept: let kept?): for index in kept { copy(fields[index]) }
        case .members(let line, let extents): for extent in extents { copy(Cell(rebasing: line[extent])) }
        }
    }

    func begin() {
        output.removeAll()
        cellCount = 0
        addedCount = 0
        if !isCSV { output.append(UInt8(ascii: "{")) }
    }

    /// The next of the file's own cells; of NDJSON a member with its name.
    func copy(_ cell: Cell) {
        if isCSV {
            csv.append(cell, at: cellCount, isGuarded: true, to: output)
        } else {
            if cellCount > 0 { output.append(UInt8(ascii: ",")) }
            output.append(cell)
        }
        cellCount += 1
    }

    /// All fields of a record: in one piece where none has quotes or would be run as a formula.
    private func copy(_ fields: CSVFields) {
        guard let whole = fields.bare,
            !fields.bounds.indices.contains(where: { FormulaGuard.needsMark(fields[$0]) })
        else {
            for index in fields.bounds.indices { copy(fields[index]) }
            return
        }
        output.append(whole)
        cellCount = fields.count
    }

    /// The next added cell, which is not known: a blank one, `null` in NDJSON.
    package func addNothing() {
        beginAdded()
        if !isCSV { output.append(Self.null) }
    }

    /// The next added cell, UTF-8; not known when nil. Guarded in CSV as the file's own are: a message or a
    /// reference may be the gateway's, and so a buyer's, text.
    package func add(_ text: Cell?) {
        guard let text else { return addNothing() }
        beginAdded()
        appendValue(text, to: output)
    }

    package func add(_ text: String) {
        var text = text
        text.withUTF8 { add($0) }
    }

    package func add(_ number: Int) {
        beginAdded()
        // The 19 digits of 64 bits and a sign.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var (start, rest) = (digits.count, number.magnitude)
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                // A spreadsheet would run the sign as a formula.
                if isCSV { output.append(FormulaGuard.mark) }
                output.append(UInt8(ascii: "-"))
            }
            output.append(Cell(rebasing: UnsafeBufferPointer(digits)[start...]))
        }
    }

    /// A text that many rows have, as a cell of it stands in the file.
    package func prepared(_ text: String) -> PreparedCell {
        let cell = ByteBuffer(capacity: 64)
        var text = text
        text.withUTF8 { appendValue($0, to: cell) }
        return PreparedCell(bytes: Array(cell.bytes))
    }

    package func add(_ cell: PreparedCell) {
        beginAdded()
        cell.bytes.withUnsafeBufferPointer { output.append($0) }
    }

    /// Ends the record: its bytes, good until the next one begins.
    package func end() -> Cell {
        if isCSV {
            csv.endRecord(output)
        } else {
            output.append(UInt8(ascii: "}"))
            output.append(UInt8(ascii: "\n"))
        }
        return output.bytes
    }

    /// Separates the next added cell from the one before; of NDJSON with its name.
    @inline(__always)
    private func beginAdded() {
        if isCSV {
            csv.separate(at: cellCount, output)
        } else {
            let key = keys[addedCount]
            key.withUnsafeBufferPointer { output.append(cellCount > 0 ? $0 : Cell(rebasing: $0.dropFirst())) }
        }
        cellCount += 1
        addedCount += 1
    }

    @inline(__always)
    private func appendValue(_ text: Cell, to buffer: ByteBuffer) {
        guard !isCSV else { return csv.append(text, at: 0, isGuarded: true, to: buffer) }
        appendString(text, to: buffer)
    }

    private func appendString(_ text: Cell, to buffer: ByteBuffer) {
        let needsEscape = text.contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        guard !needsEscape else { return buffer.append(JSONValue.string(CellText.string(text)).bytes()) }
        buffer.append(UInt8(ascii: "\""))
        buffer.append(text)
        buffer.append(UInt8(ascii: "\""))
    }

    private static let null = Array("null".utf8)
}

/// A cell as it stands in the files of a dialect.
package struct PreparedCell: Hashable, Sendable {
    fileprivate let bytes: [UInt8]
}

extension CSVFields {
    /// The fields as the file writes them with what separates them, when none of them has quotes.
    fileprivate var bare: Cell? {
        var start: Int32 = 0
        for field in bounds {
            guard field.start == start else { return nil }
            start = field.end + 1
        }
        return Cell(rebasing: bytes[..<max(0, Int(start) - 1)])
    }
}

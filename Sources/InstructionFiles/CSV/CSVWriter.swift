package import Instructions

/// Writes records of RFC 4180 or with another delimiter, with quotes only where a field needs them.
package struct CSVWriter: Sendable {
    package enum LineEnd: Sendable {
        case lf, crlf
    }

    private let separator: UInt8
    private let lineEnd: LineEnd

    package init(delimiter: ReadOptions.Delimiter = .comma, lineEnd: LineEnd = .lf) {
        separator = delimiter.byte
        self.lineEnd = lineEnd
    }

    /// Appends one record and its line end.
    package func append(_ fields: some Sequence<[UInt8]>, to output: inout [UInt8]) {
        let record = ByteBuffer(capacity: 256)
        for (index, field) in fields.enumerated() {
            field.withUnsafeBufferPointer { append($0, at: index, to: record) }
        }
        endRecord(record)
        output.append(contentsOf: record.bytes)
    }

    /// Appends a field of a record and what separates it from the one before.
    ///
    /// - Parameters:
    ///   - index: of the field in its record.
    ///   - isGuarded: whether it is to be no formula.
    @inline(__always)
    func append(_ field: Cell, at index: Int, isGuarded: Bool = false, to record: ByteBuffer) {
        separate(at: index, record)
        let needsMark = isGuarded && FormulaGuard.needsMark(field)
        guard !needsQuotes(field) else {
            return appendQuoted(field, needsMark: needsMark, to: record)
        }
        if needsMark { record.append(FormulaGuard.mark) }
        record.append(field)
    }

    /// What separates a field from the one before.
    @inline(__always)
    func separate(at index: Int, _ record: ByteBuffer) {
        if index > 0 { record.append(separator) }
    }

    private func appendQuoted(_ field: Cell, needsMark: Bool, to record: ByteBuffer) {
        record.append(ByteSearch.quote)
        if needsMark { record.append(FormulaGuard.mark) }
        for byte in field {
            if byte == ByteSearch.quote { record.append(byte) }
            record.append(byte)
        }
        record.append(ByteSearch.quote)
    }

    /// Ends the record that the buffer holds.
    func endRecord(_ record: ByteBuffer) {
        // One empty field would read back as a blank line.
        if record.count == 0 {
            record.append(ByteSearch.quote)
            record.append(ByteSearch.quote)
        }
        if lineEnd == .crlf { record.append(ByteSearch.carriageReturn) }
        record.append(ByteSearch.lineFeed)
    }

    @inline(__always)
    private func needsQuotes(_ field: Cell) -> Bool {
        guard let base = field.baseAddress else { return false }
        return ByteSearch.endOfUnquoted(base, from: 0, to: field.count, separator: separator) < field.count
    }
}

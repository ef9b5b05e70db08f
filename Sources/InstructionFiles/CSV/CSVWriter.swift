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
        let start = output.count
        for (index, field) in fields.enumerated() {
            field.withUnsafeBufferPointer { append($0, at: index, to: &output) }
        }
        endRecord(since: start, &output)
    }

    /// Appends a field of a record and what separates it from the one before, without copying it.
    ///
    /// - Parameters:
    ///   - index: of the field in its record.
    ///   - isGuarded: whether it is to be no formula.
    func append(_ field: Cell, at index: Int, isGuarded: Bool = false, to output: inout [UInt8]) {
        if index > 0 { output.append(separator) }
        let needsMark = isGuarded && FormulaGuard.needsMark(field)
        guard needsQuotes(field) else {
            if needsMark { output.append(FormulaGuard.mark) }
            output.append(contentsOf: field)
            return
        }
        output.append(ByteSearch.quote)
        if needsMark { output.append(FormulaGuard.mark) }
        for byte in field {
            if byte == ByteSearch.quote { output.append(byte) }
            output.append(byte)
        }
        output.append(ByteSearch.quote)
    }

    /// - Parameter start: where the record starts in the output.
    func endRecord(since start: Int, _ output: inout [UInt8]) {
        // A record of one empty field would read back as a blank line.
        if output.count == start { output.append(contentsOf: [ByteSearch.quote, ByteSearch.quote]) }
        if lineEnd == .crlf { output.append(ByteSearch.carriageReturn) }
        output.append(ByteSearch.lineFeed)
    }

    private func needsQuotes(_ field: Cell) -> Bool {
        guard let base = field.baseAddress else { return false }
        return ByteSearch.endOfUnquoted(base, from: 0, to: field.count, separator: separator) < field.count
    }
}

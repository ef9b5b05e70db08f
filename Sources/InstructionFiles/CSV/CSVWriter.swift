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
        var isFirst = true
        for field in fields {
            if !isFirst { output.append(separator) }
            isFirst = false
            append(field: field, to: &output)
        }
        // A record of one empty field would read back as a blank line.
        if output.count == start { output.append(contentsOf: [ByteSearch.quote, ByteSearch.quote]) }
        if lineEnd == .crlf { output.append(ByteSearch.carriageReturn) }
        output.append(ByteSearch.lineFeed)
    }

    private func append(field: [UInt8], to output: inout [UInt8]) {
        let needsQuotes = field.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return false }
            let end = ByteSearch.endOfUnquoted(base, from: 0, to: bytes.count, separator: separator)
            return end < bytes.count
        }
        guard needsQuotes else { return output.append(contentsOf: field) }
        output.append(ByteSearch.quote)
        for byte in field {
            if byte == ByteSearch.quote { output.append(byte) }
            output.append(byte)
        }
        output.append(ByteSearch.quote)
    }
}

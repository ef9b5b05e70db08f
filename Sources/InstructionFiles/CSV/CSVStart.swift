import Instructions

/// What stands before the header of a CSV file, and what separates its fields.
struct CSVStart: Equatable {
    /// A byte order mark, and a line `sep=;` as Excel writes and reads it.
    var skippedBytes = 0
    var skippedLines = 0
    var delimiter = ReadOptions.Delimiter.comma
    /// The line `sep=` names a separator that is not taken.
    var hasUnknownSeparator = false
    var hasByteOrderMark = false

    /// Judges by the first line, and by the second after `sep=`; nil when more bytes are needed for them.
    ///
    /// - Parameters:
    ///   - isWhole: no more bytes will come.
    ///   - limit: how many bytes are waited for at most.
    static func find(
        in bytes: [UInt8], isWhole: Bool, limit: Int, delimiter: ReadOptions.Delimiter?, names: ColumnNames
    ) -> CSVStart? {
        var start = CSVStart()
        // The same bytes wherever chunks end.
        let isWhole = isWhole || bytes.count > limit
        var rest = bytes.prefix(limit + 1)
        let mark = PlainBytes.byteOrderMark
        if rest.starts(with: mark) {
            start.hasByteOrderMark = true
            rest = rest.dropFirst(mark.count)
        }
        guard let end = endOfLine(rest, isWhole: isWhole) else { return nil }
        let line = rest[rest.startIndex..<end.text]
        guard let separator = separatorNamed(by: line) else {
            start.skippedBytes = rest.startIndex
            start.delimiter = delimiter ?? found(in: line, names: names)
            return start
        }
        start.skippedBytes = end.next
        start.skippedLines = 1
        if let named = ReadOptions.Delimiter.allCases.first(where: { [$0.byte] == Array(separator) }) {
            start.delimiter = delimiter ?? named
        } else {
            start.hasUnknownSeparator = true
        }
        return start
    }

    /// Where the first line's text ends and the next one starts.
    private static func endOfLine(_ bytes: ArraySlice<UInt8>, isWhole: Bool) -> (text: Int, next: Int)? {
        var isQuoted = false
        for index in bytes.indices {
            switch bytes[index] {
            case ByteSearch.quote: isQuoted.toggle()
            case ByteSearch.lineFeed where !isQuoted: return (index, index + 1)
            case ByteSearch.carriageReturn where !isQuoted:
                guard index + 1 < bytes.endIndex else { return isWhole ? (index, index + 1) : nil }
                return (index, bytes[index + 1] == ByteSearch.lineFeed ? index + 2 : index + 1)
            default: continue
            }
        }
        return isWhole ? (bytes.endIndex, bytes.endIndex) : nil
    }

    /// What follows `sep=` when the line is nothing else.
    private static func separatorNamed(by line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let word = Array("sep=".utf8)
        guard line.count <= word.count + 4,
            line.prefix(word.count).map({ $0 | 0x20 }) == word.map({ $0 | 0x20 })
        else { return nil }
        return line.dropFirst(word.count)
    }

    /// The delimiter that cuts the header into most known names, then into most fields; the comma when there
    /// is nothing to tell.
    private static func found(in header: ArraySlice<UInt8>, names: ColumnNames) -> ReadOptions.Delimiter {
        var best = ReadOptions.Delimiter.comma
        var bestScore = (known: 0, fields: 1)
        for candidate in ReadOptions.Delimiter.allCases {
            let fields = cut(header, at: candidate.byte)
            let score = (
                known: fields.count { names.isKnown(String(decoding: $0, as: UTF8.self)) }, fields.count
            )
            if score > bestScore { (best, bestScore) = (candidate, score) }
        }
        return best
    }

    /// The fields of a line without their quotes, as far as a look at the names needs it.
    private static func cut(_ line: ArraySlice<UInt8>, at separator: UInt8) -> [[UInt8]] {
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in line {
            if byte == ByteSearch.quote {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                fields.append([])
            } else {
                fields[fields.count - 1].append(byte)
            }
        }
        return fields
    }
}

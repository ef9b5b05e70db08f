/// A place where a CSV file is not RFC 4180. It always refuses the whole file.
package struct CSVFault: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A quote is opened and never closed. The scan ends.
        case quoteUnterminated
        /// A quote inside a field that does not start with one.
        case quoteBare
        /// Something other than a separator after a closing quote.
        case quoteTextAfter
        /// Bytes that are no UTF-8.
        case utf8Invalid
        case fieldCount(found: Int, expected: Int)
        /// More bytes in one record than `CSVLimits.recordBytes`. The scan ends.
        case recordTooLong
        /// More fields in one record than `CSVLimits.columns`. The scan ends.
        case tooManyColumns
        /// A carriage return outside quotes that no line feed follows.
        case carriageReturnAlone
    }

    package let kind: Kind
    /// The record's number, 0 for the header.
    package let row: Int
    /// The physical line from 1: of an unterminated quote the line where it opened.
    package let line: Int
    /// The field's number from 1; nil where the whole record is meant.
    package let column: Int?
}

/// Bounds that keep the memory of a scan constant.
package struct CSVLimits: Sendable {
    /// Bytes of one record as the file writes it, quotes and separators included.
    package var recordBytes = 1 << 20
    /// Fields of one record.
    package var columns = 1_000

    package init() {}
}

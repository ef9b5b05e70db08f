package import Gzip

/// A place where a file cannot be cut into records, or a record is not what its format says. It always refuses
/// the whole file.
package struct RecordFault: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        // CSV.

        /// A quote is opened and never closed. The scan ends.
        case quoteUnterminated
        /// A quote inside a field that does not start with one.
        case quoteBare
        /// Something other than a separator after a closing quote.
        case quoteTextAfter
        case fieldCount(found: Int, expected: Int)
        /// A carriage return outside quotes that no line feed follows, in a file whose header ends otherwise.
        case carriageReturnAlone
        /// A first line `sep=…` that names no separator that is taken. The scan ends.
        case separatorUnknown

        // NDJSON.

        /// The line is not one JSON value: why, and at which of its bytes, from 1.
        case jsonInvalid(reason: String, byte: Int)
        /// The line is JSON, but not an object.
        case jsonNotObject(isArray: Bool)

        // Either.

        /// Bytes that are no UTF-8; whether they could be Windows-1252.
        case utf8Invalid(couldBeWindows1252: Bool)
        /// A byte that Windows-1252 does not define.
        case windows1252Invalid
        /// More bytes in one record than `RecordLimits.bytes`. The scan ends.
        case recordTooLong
        /// More fields in one record than `RecordLimits.columns`. The scan ends.
        case tooManyColumns

        // The file as a whole; nothing of it can be read.

        case utf16
        /// `.xlsx`, `.ods` or `.xls` as they are.
        case spreadsheet
        case zip
        /// gzip inside gzip.
        case gzipTwice
        case gzip(GzipError)
    }

    package let kind: Kind
    /// The record's number, 0 for the header; nil where the whole file is meant.
    package let row: Int?
    /// The physical line from 1: of an unterminated quote the line where it opened.
    package let line: Int?
    /// The field's number from 1; nil where the whole record is meant.
    package let column: Int?
    /// The member's name, in NDJSON.
    package let member: String?

    init(kind: Kind, row: Int?, line: Int?, column: Int? = nil, member: String? = nil) {
        self.kind = kind
        self.row = row
        self.line = line
        self.column = column
        self.member = member
    }
}

/// Bounds that keep the memory of a scan constant.
package struct RecordLimits: Sendable {
    /// Bytes of one record as the file writes it, quotes and separators included.
    package var bytes = 1 << 20
    /// Fields of one record.
    package var columns = 1_000

    package init() {}
}

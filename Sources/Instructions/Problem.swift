/// Something wrong in a file: what, where and how to mend it.
public struct Problem: Hashable, Sendable {
    public enum Severity: String, Sendable {
        /// Refuses the row or the file.
        case error
        /// Never refuses.
        case warning
    }

    /// Stable, in snake case.
    public let code: String
    public let severity: Severity
    /// The record's number from 1, the header not counted; nil for a problem of the whole file or its header.
    public let row: Int?
    /// The physical line from 1.
    public let line: Int?
    /// The column's name as the file writes it, or its number where the header gives none.
    public let column: String?
    /// What the cell says, shortened to 80 characters; nil where it must not be shown.
    public let value: String?
    public let message: String
    /// What to do about it.
    public let mend: String

    public init(
        code: String, severity: Severity = .error, row: Int? = nil, line: Int? = nil, column: String? = nil,
        value: String? = nil, message: String, mend: String
    ) {
        self.code = code
        self.severity = severity
        self.row = row
        self.line = line
        self.column = column
        self.value = value
        self.message = message
        self.mend = mend
    }
}

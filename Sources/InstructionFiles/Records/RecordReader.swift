package import Instructions

/// How a file is written, as far as a report of it is written the same way.
package struct FileDialect: Hashable, Sendable {
    package let format: FileFormat
    /// Between the fields of CSV.
    package let delimiter: ReadOptions.Delimiter
    /// In amounts of CSV; NDJSON always has a point.
    package let decimal: ReadOptions.DecimalMark
    /// Whether a copy starts with a byte order mark: a copy is UTF-8, and that of a Windows-1252 file is read
    /// by the same options again.
    package let needsByteOrderMark: Bool

    package init(
        format: FileFormat = .csv, delimiter: ReadOptions.Delimiter = .comma,
        decimal: ReadOptions.DecimalMark = .point, needsByteOrderMark: Bool = false
    ) {
        self.format = format
        self.delimiter = delimiter
        self.decimal = format == .csv ? decimal : .point
        self.needsByteOrderMark = needsByteOrderMark
    }
}

/// One record of an instruction file, to be written again as it is.
package struct FileRecord: Hashable, Sendable {
    /// 0 for the header of CSV, then from 1; blank records count. NDJSON has no header.
    package let row: Int
    /// Physical line where the record starts, from 1.
    package let line: Int
    /// CSV: the cells as UTF-8, quotes taken off. NDJSON: the members as the line writes them, each with its
    /// name. The columns of an earlier report (`result_…`) are left out.
    package let fields: [[UInt8]]
    /// Whether there is nothing but blanks: such a record is no instruction.
    package let isBlank: Bool
    /// Where the row comes from, when the file is a report handed in again.
    package let lineage: Lineage?
}

/// Reads the records of an instruction file one after the other, in bounded memory, with the row numbers that
/// `InstructionReader` gives them.
package struct RecordReader {
    private var stream: RecordStream
    private let options: ReadOptions
    private let names: ColumnNames
    private let keepsReportColumns: Bool
    /// The step that told the format waits here.
    private var ahead: RecordStream.Step?
    /// Of CSV: the meaning of each field of the header, known once it is read.
    private var meanings: [ColumnNames.Meaning] = [] {
        didSet {
            hasLineage = meanings.contains(.resultRun) && meanings.contains(.resultRow)
            let kept = meanings.indices.filter { !meanings[$0].isOfReport }
            self.kept = keepsReportColumns || kept.count == meanings.count ? nil : kept
        }
    }
    /// The fields that are not an earlier report's; nil for all.
    private var kept: [Int]?

    /// - Parameters:
    ///   - options: those that the file was checked with.
    ///   - keepsReportColumns: for reading a report itself.
    /// - Throws: `FileReadError`.
    package init(path: String, options: ReadOptions, keepsReportColumns: Bool = false) throws {
        try self.init(
            path: path, options: options, keepsReportColumns: keepsReportColumns, chunkBytes: 1 << 17)
    }

    init(
        path: String, options: ReadOptions, keepsReportColumns: Bool = false,
        limits: RecordLimits = RecordLimits(), chunkBytes: Int
    ) throws {
        self.options = options
        self.keepsReportColumns = keepsReportColumns
        names = ColumnNames(options)
        stream = try RecordStream(path: path, options: options, limits: limits, chunkBytes: chunkBytes)
        ahead = try stream.next()
    }

    /// Known from the start.
    package var dialect: FileDialect {
        let isCSV = stream.format != .ndjson
        return FileDialect(
            format: isCSV ? .csv : .ndjson, delimiter: stream.csv.start?.delimiter ?? .comma,
            decimal: options.decimal, needsByteOrderMark: options.encoding != .utf8)
    }

    /// Whether the header of CSV names both columns that say where its rows come from; known once it is read.
    package private(set) var hasLineage = false

    /// The next record; nil at the end. Throws `FileReadError`, or `RecordFault` for a record that is not what
    /// its format says, after which the next call goes on where that is safe.
    package mutating func next() throws -> FileRecord? { try lend().map(FileRecord.init) }

    /// The same, with the record left where it is: what it lends is gone with the next call.
    package mutating func lend() throws -> LentRecord? {
        let step = try ahead ?? stream.next()
        ahead = nil
        switch step {
        case .end: return nil
        case .fault(let fault): throw fault
        case .record: return stream.format == .ndjson ? line() : record()
        }
    }

    private mutating func record() -> LentRecord {
        let (row, fields) = (stream.csv.row, stream.csv.fields)
        if row == 0 {
            meanings = fields.bounds.indices.map { names.meaning(of: CellText.string(fields[$0])) }
        }
        let isBlank = fields.isBlank
        let lineage = row == 0 || isBlank || !hasLineage ? nil : fields.lineage(meanings)
        return LentRecord(
            row: row, line: stream.csv.line, isBlank: isBlank, lineage: lineage,
            // A blank record may have another number of fields.
            content: .fields(fields, kept: isBlank ? nil : kept))
    }

    private func line() -> LentRecord {
        let members = stream.ndjson.members
        return LentRecord(
            row: stream.ndjson.row, line: stream.ndjson.line, isBlank: members.isBlank,
            lineage: Lineage(run: members.resultRun, row: members.resultRow),
            content: .members(
                stream.ndjson.text,
                Array(members.members.lazy.filter { keepsReportColumns || !$0.isOfReport }.map(\.extent))))
    }
}

extension ColumnNames.Meaning {
    var isOfReport: Bool { self == .resultRun || self == .resultRow || self == .result }
}

extension CSVFields {
    /// What the columns `result_run` and `result_row` of a header with these meanings say.
    func lineage(_ meanings: [ColumnNames.Meaning]) -> Lineage? {
        guard let run = meanings.firstIndex(of: .resultRun), let row = meanings.firstIndex(of: .resultRow)
        else { return nil }
        return Lineage(run: CellText.trimmed(self[run]), row: CellText.trimmed(self[row]))
    }
}

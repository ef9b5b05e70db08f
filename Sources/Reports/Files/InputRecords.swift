import InstructionFiles
import Instructions

/// The records of a snapshot as a report gives them back, blank ones left out.
///
/// The `result_` columns of a resubmit file are left out too: new ones take their place. What they say of a
/// row's origin is kept in two columns at the end.
struct InputRecords {
    /// Lent until the next record is read, as a row is.
    struct Header {
        let record: LentRecord
        /// Whether the rows say which rows of earlier runs they were.
        let hasLineage: Bool
    }

    struct Row {
        let record: LentRecord
        /// Whether it has the two columns of its origin.
        let hasLineage: Bool
    }

    private let path: String
    private var reader: RecordReader
    private var hasLineage = false

    /// Throws `ReportError`, as all that reads here does.
    init(path: String, options: ReadOptions) throws {
        self.path = path
        do {
            reader = try RecordReader(path: path, options: options)
        } catch {
            throw ReportError.snapshot(path, error)
        }
    }

    var dialect: FileDialect { reader.dialect }

    /// To be called first; nil for NDJSON, which has none, and for an empty file.
    mutating func header() throws -> Header? {
        guard dialect.format == .csv, let record = try read() else { return nil }
        hasLineage = reader.hasLineage
        return Header(record: record, hasLineage: hasLineage)
    }

    mutating func next() throws -> Row? {
        while let record = try read() {
            guard !record.isBlank else { continue }
            // A line of NDJSON has members of its own.
            return Row(
                record: record,
                hasLineage: dialect.format == .csv ? hasLineage : record.lineage != nil)
        }
        return nil
    }

    private mutating func read() throws -> LentRecord? {
        do {
            return try reader.lend()
        } catch {
            throw ReportError.snapshot(path, error)
        }
    }
}

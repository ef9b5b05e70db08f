import InstructionFiles
import Spool

/// Writes rows of an input with their result columns, as the input is written: results and resubmit files.
struct RowWriter {
    let records: RecordWriter

    init(like dialect: FileDialect) {
        records = RecordWriter(dialect, added: ResultColumns.names + ResultColumns.lineage)
    }

    /// Writes what stands before the rows. The header is nil for NDJSON, which has none, and for an empty file.
    func begin(_ file: PackedFile, _ header: InputRecords.Header?) throws(SpoolError) {
        try file.append(records.start)
        guard let header else { return }
        let added = ResultColumns.names.count + (header.hasLineage ? ResultColumns.lineage.count : 0)
        try file.append(records.header(header.record, adding: added))
    }

    /// A row as it stands in the files, good until the next one.
    ///
    /// - Parameter addCells: adds those of `ResultColumns.names` to `records`.
    func row(_ row: InputRecords.Row, addCells: () -> Void) -> Cell {
        records.begin(row.record)
        addCells()
        if row.hasLineage { ResultColumns.add(row.record.lineage, to: records) }
        return records.end()
    }
}

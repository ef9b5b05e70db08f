import InstructionFiles
import Spool

/// Writes rows of an input with their result columns, as the input is written: results and resubmit files.
struct RowWriter {
    private let file: PackedFile
    private let plain: RecordWriter
    private let withLineage: RecordWriter
    private var bytes: [UInt8] = []

    init(_ file: PublishedFile, like dialect: FileDialect) {
        self.file = PackedFile(file)
        plain = RecordWriter(dialect, added: ResultColumns.names)
        withLineage = RecordWriter(dialect, added: ResultColumns.names + ResultColumns.lineage)
    }

    /// To be called first. The header of CSV; nil for NDJSON, which has none, and for an empty file.
    mutating func begin(_ header: InputRecords.Header?) throws(SpoolError) {
        plain.begin(&bytes)
        if let header { writer(header.hasLineage).append(header: header.record, to: &bytes) }
        try flush()
    }

    /// - Parameter cells: those of `ResultColumns.names`.
    mutating func append(_ row: InputRecords.Row, _ cells: [AddedCell]) throws(SpoolError) {
        let added = row.hasLineage ? cells + ResultColumns.lineageCells(row.record.lineage) : cells
        writer(row.hasLineage).append(row.record, added: added, to: &bytes)
        try flush()
    }

    func finish() throws(SpoolError) { try file.finish() }

    private func writer(_ hasLineage: Bool) -> RecordWriter { hasLineage ? withLineage : plain }

    private mutating func flush() throws(SpoolError) {
        try file.append(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}

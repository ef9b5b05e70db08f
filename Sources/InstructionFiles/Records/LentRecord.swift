/// One record of an instruction file that still lies where it was read: good until the reader is asked for the
/// next one.
package struct LentRecord {
    enum Content {
        /// Of CSV: the fields, and which of them are kept; nil for all.
        case fields(CSVFields, kept: [Int]?)
        /// Of NDJSON: the line, and where the members that are kept stand in it, each with its name.
        case members(Cell, [Range<Int>])
    }

    /// 0 for the header of CSV, then from 1; blank records count. NDJSON has no header.
    package let row: Int
    /// Physical line where the record starts, from 1.
    package let line: Int
    /// Whether there is nothing but blanks: such a record is no instruction.
    package let isBlank: Bool
    /// Where the row comes from, when the file is a report handed in again.
    package let lineage: Lineage?
    let content: Content
}

extension FileRecord {
    /// The record to be kept.
    init(_ record: LentRecord) {
        let fields: [[UInt8]] =
            switch record.content {
            case .fields(let fields, kept: nil): fields.bounds.indices.map { Array(fields[$0]) }
            case .fields(let fields, kept: let kept?): kept.map { Array(fields[$0]) }
            case .members(let line, let extents): extents.map { Array(line[$0]) }
            }
        self.init(
            row: record.row, line: record.line, fields: fields, isBlank: record.isBlank,
            lineage: record.lineage)
    }
}

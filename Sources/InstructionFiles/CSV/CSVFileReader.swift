/// One record of a CSV file with the bytes of its fields, quotes taken off.
package struct CSVRecord: Hashable, Sendable {
    /// 0 for the header, then from 1; blank records count.
    package let row: Int
    /// Physical line where the record starts, from 1.
    package let line: Int
    package let fields: [[UInt8]]

    /// Whether no field holds anything but spaces and tabs: such a record is no instruction.
    package var isBlank: Bool {
        fields.allSatisfy {
            $0.allSatisfy { byte in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        }
    }
}

/// Reads the records of a CSV file one after the other, in bounded memory, with the row numbers that
/// `InstructionReader` gives them.
package struct CSVFileReader {
    private let chunks: FileChunks
    private var scanner: CSVScanner

    /// Throws `FileReadError`.
    package init(path: String) throws {
        try self.init(path: path, limits: CSVLimits())
    }

    init(path: String, limits: CSVLimits, chunkBytes: Int = 1 << 17) throws(FileReadError) {
        chunks = try FileChunks(path: path, chunkBytes: chunkBytes)
        scanner = CSVScanner(limits: limits)
    }

    /// The next record, the header first; nil at the end. Throws `FileReadError`, or `CSVFault` for a record
    /// that is not RFC 4180, after which the next call goes on where that is safe.
    package mutating func next() throws -> CSVRecord? {
        while true {
            switch scanner.next() {
            case .record:
                let fields = scanner.withFields { fields in fields.bounds.indices.map { Array(fields[$0]) } }
                return CSVRecord(row: scanner.row, line: scanner.line, fields: fields)
            case .fault(let fault): throw fault
            case .needsBytes: try chunks.feed(&scanner)
            case .end: return nil
            }
        }
    }
}

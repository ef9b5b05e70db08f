import Gzip
import Instructions

/// The records of an instruction file of either format, one after the other, in bounded memory.
struct RecordStream {
    enum Step: Equatable {
        /// The scanner of the file's format has the next record.
        case record
        case fault(RecordFault)
        /// Nothing more, ever.
        case end
    }

    private let bytes: PlainBytes
    /// Kept until the format is known.
    private var start: [UInt8] = []
    private(set) var format: FileFormat?
    let csv: CSVScanner
    let ndjson: NDJSONScanner
    private var isOver = false

    /// Throws `FileReadError`.
    init(
        path: String, options: ReadOptions, limits: RecordLimits = RecordLimits(),
        gzipLimits: GzipLimits = GzipLimits(), chunkBytes: Int = 1 << 17
    ) throws(FileReadError) {
        bytes = try PlainBytes(
            path: path, encoding: options.encoding, gzipLimits: gzipLimits, chunkBytes: chunkBytes)
        csv = CSVScanner(options: options, limits: limits)
        ndjson = NDJSONScanner(options: options, limits: limits)
    }

    /// Number of the present record, from 1; 0 for the header of CSV.
    var row: Int { format == .ndjson ? ndjson.row : csv.row }
    /// Physical line where the present record starts, from 1.
    var line: Int { format == .ndjson ? ndjson.line : csv.line }

    /// Goes on to the next record where nothing else can be said of it, as of most; false leaves it to `next`.
    @inline(__always)
    func takePlainRecord() -> Bool { format == .csv && !isOver && csv.takePlainRecord() }

    /// Goes on to the next record or fault. After a fault of the whole file there is nothing more. Throws
    /// `FileReadError`.
    mutating func next() throws -> Step {
        while !isOver {
            do {
                guard let format else {
                    if let kind = try findFormat() { return end(with: kind) }
                    continue
                }
                switch format == .csv ? csv.next() : ndjson.next() {
                case .record: return .record
                case .fault(let fault): return .fault(fault)
                case .needsBytes: try feed()
                case .end: isOver = true
                }
            } catch let error as GzipError {
                return end(with: .gzip(error))
            }
        }
        return .end
    }

    private mutating func feed() throws {
        let piece = try bytes.next()
        switch (format, piece.isEmpty) {
        case (.ndjson, false): ndjson.feed(piece)
        case (.ndjson, true): ndjson.finish()
        case (_, false): csv.feed(piece)
        case (_, true): csv.finish()
        }
    }

    /// Reads as far as it takes to know the format; the kind of fault when it is none.
    private mutating func findFormat() throws -> RecordFault.Kind? {
        let piece = try bytes.next()
        start.append(contentsOf: piece)
        switch FileStart.of(start, isWhole: piece.isEmpty) {
        case nil: return nil
        case .refused(let kind): return kind
        case .format(let found):
            format = found
            if found == .ndjson { ndjson.feed(start[...]) } else { csv.feed(start) }
            start = []
            // The empty piece comes once only for a whole file.
            if piece.isEmpty { found == .ndjson ? ndjson.finish() : csv.finish() }
            return nil
        }
    }

    private mutating func end(with kind: RecordFault.Kind) -> Step {
        isOver = true
        return .fault(RecordFault(kind: kind, row: nil, line: nil))
    }
}

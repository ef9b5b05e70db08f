import Instructions

/// The fields of one record, lent for the length of a call.
struct CSVFields {
    /// The record's bytes; quotes and separators lie between the fields.
    let bytes: Cell
    let bounds: UnsafeBufferPointer<FieldBounds>

    var count: Int { bounds.count }

    @inline(__always)
    subscript(index: Int) -> Cell {
        precondition(bounds.indices.contains(index), "a record has no such field")
        let field = bounds[index]
        return Cell(
            start: bytes.baseAddress.map { $0 + Int(field.start) }, count: Int(field.end - field.start))
    }

    /// Whether no field holds anything but spaces and tabs.
    var isBlank: Bool {
        bounds.indices.allSatisfy { index in
            self[index].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        }
    }
}

/// Splits the bytes of a CSV file (RFC 4180 with comma, semicolon or tab, and any line end; UTF-8, one byte
/// order mark allowed) into records. Feed it a chunk whenever it asks for bytes; where chunks end makes no
/// difference.
///
/// Keeps one record and one chunk in memory. Every record it hands out is valid UTF-8 and has as many fields
/// as the first one, unless it is blank. After a fault that concerns one record alone it goes on at the next
/// line. A class so that readers can use it without copying its tables.
final class CSVScanner {
    enum Step: Equatable {
        /// `fields` has the next record.
        case record
        case fault(RecordFault)
        /// Call `feed` or `finish`.
        case needsBytes
        /// Nothing more, ever.
        case end
    }

    private let buffer = ByteBuffer()
    // `@exclusivity(unchecked)` as in `NDJSONScanner`.
    @exclusivity(unchecked) private var machine: CSVRecordMachine
    @exclusivity(unchecked) private var expectedFields: Int?
    @exclusivity(unchecked) private var secondFault: RecordFault?
    @exclusivity(unchecked) private var recordIsOver = false
    /// Whether the record behind that one may be taken in one go.
    @exclusivity(unchecked) private var nextMayBePlain = false
    /// nil until the first line is known.
    @exclusivity(unchecked) private(set) var start: CSVStart?
    private let delimiter: ReadOptions.Delimiter?
    private let names: ColumnNames
    private let encoding: ReadOptions.Encoding
    @exclusivity(unchecked) private var bytesAreOver = false
    @exclusivity(unchecked) private var isOver = false

    init(options: ReadOptions = ReadOptions(), limits: RecordLimits = RecordLimits()) {
        delimiter = options.delimiter
        names = ColumnNames(options)
        encoding = options.encoding
        machine = CSVRecordMachine(limits: limits)
    }

    deinit { machine.deallocate() }

    /// Number of the present record, 0 for the header.
    var row: Int { machine.row }
    /// Physical line where the present record starts, from 1.
    var line: Int { machine.recordLine }

    /// Adds bytes; the fields of the present record are gone afterwards.
    func feed(_ chunk: some Sequence<UInt8>) {
        let consumed = machine.recordStart
        buffer.dropFirst(consumed)
        machine.dropPrefix(consumed)
        buffer.append(chunk)
    }

    /// Tells that the file has no more bytes.
    func finish() {
        bytesAreOver = true
    }

    /// The fields of the record that `next` found; they stay where they are until the next `next` or `feed`.
    var fields: CSVFields {
        let record = Cell(
            start: buffer.base + machine.recordStart, count: machine.position - machine.recordStart)
        return CSVFields(bytes: record, bounds: machine.fields)
    }

    /// Goes on to the next record or fault.
    func next() -> Step {
        if takePlainRecord() { return .record }
        if let fault = secondFault {
            secondFault = nil
            return .fault(fault)
        }
        guard !isOver else { return .end }
        if start == nil {
            guard let start = findStart() else { return .needsBytes }
            guard !start.hasUnknownSeparator else {
                isOver = true
                return .fault(RecordFault(kind: .separatorUnknown, row: 0, line: 1))
            }
        }
        while true {
            if recordIsOver {
                recordIsOver = false
                nextMayBePlain = false
                machine.beginRecord()
            }
            switch scan() {
            case .exhausted:
                guard bytesAreOver else { return .needsBytes }
                isOver = true
                return .end
            case .skipped:
                recordIsOver = true
            case .fault(let kind):
                return .fault(noteFault(kind))
            case .record:
                recordIsOver = true
                let step = checkRecord()
                nextMayBePlain = secondFault == nil
                return step
            }
        }
    }

    /// Goes on to the next record where that needs no further look; false leaves it to `next`.
    @inline(__always)
    func takePlainRecord() -> Bool {
        guard nextMayBePlain, let expectedFields else { return false }
        return machine.takePlainRecord(buffer.base, count: buffer.count, fields: expectedFields) {
            ByteSearch.isASCII($0) || Self.isUTF8($0)
        }
    }

    /// What stands before the header; nil while the first bytes are too few to tell.
    private func findStart() -> CSVStart? {
        start = CSVStart.find(
            in: Array(buffer.bytes), isWhole: bytesAreOver, limit: machine.limits.bytes, delimiter: delimiter,
            names: names)
        if let start { machine.begin(at: start) }
        return start
    }

    private func scan() -> CSVRecordMachine.Signal {
        let bytes = UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count)
        let signal = machine.scan(bytes)
        guard signal == .exhausted, bytesAreOver else { return signal }
        return machine.finish(bytes) ?? .exhausted
    }

    private func noteFault(_ kind: RecordFault.Kind) -> RecordFault {
        let line =
            switch kind {
            case .quoteUnterminated: machine.quoteLine
            case .recordTooLong, .tooManyColumns: machine.recordLine
            default: machine.line
            }
        let column: Int? = kind == .tooManyColumns || kind == .recordTooLong ? nil : machine.currentColumn
        switch kind {
        case .quoteUnterminated, .recordTooLong, .tooManyColumns: isOver = true
        default: machine.recover()
        }
        return RecordFault(kind: kind, row: machine.row, line: line, column: column)
    }

    /// What can only be judged once the whole record is there.
    private func checkRecord() -> Step {
        let fields = fields
        let isUTF8 = ByteSearch.isASCII(fields.bytes) || Self.isUTF8(fields.bytes)
        if isUTF8, fields.count == expectedFields { return .record }
        var faults: [RecordFault] = []
        let (row, line) = (machine.row, machine.recordLine)
        if !isUTF8, let place = fields.firstInvalidUTF8() {
            let kind: RecordFault.Kind =
                encoding == .windows1252 && start?.hasByteOrderMark != true
                ? .windows1252Invalid
                : .utf8Invalid(couldBeWindows1252: fields.bytes.allSatisfy(Windows1252.isDefined))
            faults.append(
                RecordFault(kind: kind, row: row, line: line + place.lines, column: place.index + 1))
        }
        if let expectedFields, fields.count != expectedFields, !fields.isBlank {
            let kind = RecordFault.Kind.fieldCount(found: fields.count, expected: expectedFields)
            faults.append(RecordFault(kind: kind, row: row, line: line, column: nil))
        }
        if expectedFields == nil { expectedFields = fields.count }
        guard let first = faults.first else { return .record }
        secondFault = faults.dropFirst().first
        return .fault(first)
    }

    private static func isUTF8(_ bytes: Cell) -> Bool {
        (try? UTF8Span(validating: bytes.span)) != nil
    }
}

extension CSVFields {
    /// The first field that is no UTF-8, and how many lines below the record's first its bad byte stands.
    fileprivate func firstInvalidUTF8() -> (index: Int, lines: Int)? {
        var lines = 0
        for index in bounds.indices {
            let field = self[index]
            do {
                _ = try UTF8Span(validating: field.span)
            } catch {
                let before = field[..<error.byteOffsets.lowerBound]
                return (index, lines + before.count { $0 == ByteSearch.lineFeed })
            }
            lines += field.count { $0 == ByteSearch.lineFeed }
        }
        return nil
    }
}

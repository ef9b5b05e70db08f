import Glibc
import Instructions

/// Cuts the bytes of an NDJSON file into lines and each line's object into members. Feed it a chunk whenever it
/// asks for bytes; where chunks end makes no difference.
///
/// Lines end with LF, CRLF or CR: no JSON has either but between its tokens. Keeps one line and one chunk in
/// memory. A line that is no JSON object is a fault; it goes on at the next line.
final class NDJSONScanner {
    private let limits: RecordLimits
    private let encoding: ReadOptions.Encoding
    private let buffer = ByteBuffer()
    private let scratch = ByteBuffer()
    private let names: ColumnNames
    private let reading: MemberReading

    // `@exclusivity(unchecked)`: nothing calls back while one of these is read or written, and the checks were a
    // quarter of the time of a line.
    @exclusivity(unchecked) private var recordStart = 0
    @exclusivity(unchecked) private var recordEnd = 0
    /// Where the next line starts.
    @exclusivity(unchecked) private var position = 0
    /// The first LF at or after `position`, if there is one before `searched`.
    @exclusivity(unchecked) private var lineFeed: Int?
    @exclusivity(unchecked) private var searched = 0
    @exclusivity(unchecked) private var nextLine = 1
    @exclusivity(unchecked) private var startIsKnown = false
    @exclusivity(unchecked) private var bytesAreOver = false
    @exclusivity(unchecked) private var isOver = false
    private var hasByteOrderMark = false

    /// Number of the present line's row, from 1; blank lines count.
    @exclusivity(unchecked) private(set) var row = 0
    /// Physical line, from 1.
    @exclusivity(unchecked) private(set) var line = 0

    init(options: ReadOptions, limits: RecordLimits) {
        self.limits = limits
        encoding = options.encoding
        names = ColumnNames(options)
        reading = MemberReading(names: names, mostMembers: limits.columns)
    }

    /// The members of the line that `next` found.
    var members: RowMembers { reading.members }

    /// The name of a column as the present line writes it, or as it should.
    func title(of column: Column) -> String {
        reading.title(of: column, row: row) ?? names.name(of: column)
    }

    /// The line that `next` found, without its line end.
    var text: Cell { Cell(start: buffer.base + recordStart, count: recordEnd - recordStart) }

    func feed(_ chunk: ArraySlice<UInt8>) {
        buffer.dropFirst(position)
        lineFeed = nil
        searched -= min(position, searched)
        position = 0
        chunk.withUnsafeBufferPointer(buffer.append)
    }

    func finish() { bytesAreOver = true }

    func next() -> CSVScanner.Step {
        guard !isOver else { return .end }
        guard findStart() else { return .needsBytes }
        guard let end = endOfLine() else {
            guard bytesAreOver else {
                guard buffer.count - position > limits.bytes else { return .needsBytes }
                return tooLong()
            }
            guard position < buffer.count else {
                isOver = true
                return .end
            }
            return take(upTo: buffer.count, next: buffer.count)
        }
        return take(upTo: end.text, next: end.next)
    }

    private func findStart() -> Bool {
        guard !startIsKnown else { return true }
        let mark = PlainBytes.byteOrderMark
        let start = Cell(start: buffer.base, count: buffer.count)
        if buffer.count < mark.count, !bytesAreOver, mark.starts(with: start) { return false }
        hasByteOrderMark = start.starts(with: mark)
        if hasByteOrderMark { position = mark.count }
        startIsKnown = true
        return true
    }

    /// nil when it is not in the buffer yet.
    private func endOfLine() -> (text: Int, next: Int)? {
        if lineFeed == nil || lineFeed ?? 0 < position {
            lineFeed = find(ByteSearch.lineFeed, from: max(position, searched), to: buffer.count)
            searched = lineFeed ?? buffer.count
        }
        let limit = lineFeed ?? buffer.count
        guard let end = find(ByteSearch.carriageReturn, from: position, to: limit) else {
            return lineFeed.map { ($0, $0 + 1) }
        }
        if end + 1 == lineFeed { return (end, end + 2) }
        // Whether a line feed follows must be known.
        guard end + 1 < buffer.count || bytesAreOver else { return nil }
        return (end, end + 1)
    }

    private func find(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
        guard start < end, let found = memchr(buffer.base + start, Int32(byte), end - start) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(buffer.base)
    }

    private func begin() {
        row += 1
        line = nextLine
        nextLine += 1
        recordStart = position
    }

    private func tooLong() -> CSVScanner.Step {
        begin()
        isOver = true
        return .fault(RecordFault(kind: .recordTooLong, row: row, line: line))
    }

    private func take(upTo end: Int, next: Int) -> CSVScanner.Step {
        guard end - position <= limits.bytes else { return tooLong() }
        begin()
        recordEnd = end
        position = next
        scratch.removeAll()
        scratch.reserve(text.count)
        switch reading.read(text, row: row, scratch: scratch) {
        case .row: return .record
        case .tooManyMembers:
            isOver = true
            return .fault(RecordFault(kind: .tooManyColumns, row: row, line: line))
        case .invalid(let member):
            let kind = JSONComplaint.of(text, encoding: hasByteOrderMark ? .utf8 : encoding)
            return .fault(RecordFault(kind: kind, row: row, line: line, member: member))
        }
    }
}

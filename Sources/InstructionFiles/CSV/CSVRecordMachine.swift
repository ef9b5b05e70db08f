import Instructions

/// Where a field lies, in bytes from the start of its record, without its quotes.
struct FieldBounds: Hashable {
    var start: Int32
    var end: Int32
}

/// Recognises one record after the other in a buffer that grows: the states of RFC 4180.
///
/// Its fields lie at a place that stays the same, so that they can be lent without counting references; whoever
/// makes a machine deallocates it. It never looks ahead, so that where a chunk ends makes no difference. Doubled
/// quotes are joined in place when their field closes; nothing is copied.
struct CSVRecordMachine {
    enum State: Equatable {
        /// Before the first byte of a field.
        case fieldStart
        /// In a field without quotes.
        case unquoted
        /// Between quotes.
        case quoted
        /// After a quote between quotes: the field's end, or the first half of a doubled quote.
        case quoteSeen
        /// After a carriage return outside quotes; the record's last field is closed.
        case carriageReturnSeen
        /// After a fault that one record can have alone: on to the next line end.
        case skipping
    }

    enum Signal: Equatable {
        /// The record's fields are in `fields`.
        case record
        /// The rest of a faulty record was passed over.
        case skipped
        case fault(RecordFault.Kind)
        /// No more bytes in the buffer.
        case exhausted
    }

    let limits: RecordLimits
    private(set) var state = State.fieldStart
    private let fieldBase: UnsafeMutablePointer<FieldBounds>
    private var fieldCount = 0
    /// The first byte of the present record in the buffer.
    private(set) var recordStart = 0
    /// The next byte to look at.
    private(set) var position = 0
    /// Number of the present record, 0 for the header.
    private(set) var row = 0
    /// Physical line of `position`, from 1.
    private(set) var line = 1
    /// Physical line where the present record starts.
    private(set) var recordLine = 1
    /// Physical line where the last quote opened.
    private(set) var quoteLine = 1
    /// What stands between fields.
    private var separator = UInt8(ascii: ",")
    /// LF, or CR when the header ends with a CR that no LF follows.
    private var lineEnd = ByteSearch.lineFeed

    private var fieldStart = 0
    private var quotedEnd = 0
    private var hasDoubledQuotes = false

    init(limits: RecordLimits) {
        self.limits = limits
        // One more than is taken, so that it is there when it is counted.
        fieldBase = .allocate(capacity: limits.columns + 1)
    }

    /// The machine is not used afterwards.
    func deallocate() { fieldBase.deallocate() }

    /// Fields of the present record that are closed; good until the next scan.
    var fields: UnsafeBufferPointer<FieldBounds> { UnsafeBufferPointer(start: fieldBase, count: fieldCount) }

    /// Number from 1 of the field that is being read.
    var currentColumn: Int { state == .carriageReturnSeen ? fieldCount : fieldCount + 1 }

    /// Passes over what stands before the header.
    mutating func begin(at start: CSVStart) {
        position += start.skippedBytes
        recordStart = position
        line += start.skippedLines
        recordLine = line
        separator = start.delimiter.byte
    }

    /// Tells that so many bytes were taken off the front of the buffer.
    mutating func dropPrefix(_ count: Int) {
        position -= count
        recordStart -= count
    }

    /// Starts the next record where the last one, or its fault, ended.
    mutating func beginRecord() {
        recordStart = position
        recordLine = line
        row += 1
        fieldCount = 0
        state = .fieldStart
    }

    /// Takes the record behind one that is over, where it is plain: whole in the buffer, with so many fields, quotes
    /// around whole fields only and no quote or line end between them, line ends that have a line feed. False leaves
    /// it to `beginRecord` and `scan`, with nothing changed but `fields`.
    ///
    /// Most of a file is read here: the marks of eight bytes are found at once, and each is looked at once.
    ///
    /// - Parameters:
    ///   - bytes: of a `ByteBuffer`.
    ///   - isText: says of a record that is not ASCII whether it is UTF-8.
    mutating func takePlainRecord(
        _ bytes: UnsafeMutablePointer<UInt8>, count: Int, fields expected: Int, isText: (Cell) -> Bool
    ) -> Bool {
        guard lineEnd == ByteSearch.lineFeed, position < count else { return false }
        var cursor = MarkCursor(bytes, from: position, to: count, separator: separator)
        var start = position
        var index = 0
        while true {
            guard var mark = cursor.next() else { return false }
            var bounds = (start: start, end: mark)
            if bytes[mark] == ByteSearch.quote {
                guard mark == start, let close = cursor.closingQuote(), let end = cursor.next(),
                    end == close + 1, bytes[end] != ByteSearch.quote
                else { return false }
                bounds = (start + 1, close)
                mark = end
            }
            fieldBase[index] = FieldBounds(
                start: Int32(truncatingIfNeeded: bounds.start - position),
                end: Int32(truncatingIfNeeded: bounds.end - position))
            index += 1
            start = mark + 1
            guard bytes[mark] != separator else {
                guard index < expected else { return false }
                continue
            }
            if bytes[mark] == ByteSearch.carriageReturn {
                guard start < count, bytes[start] == ByteSearch.lineFeed else { return false }
                start += 1
            }
            guard index == expected, start <= count, start - position <= limits.bytes else { return false }
            let record = Cell(start: bytes + position, count: start - position)
            guard cursor.sawOnlyASCII || isText(record) else { return false }
            beginRecord()
            fieldCount = expected
            position = start
            line += 1
            return true
        }
    }

    /// Goes on to the end of the record, of the buffer, or to a fault.
    mutating func scan(_ bytes: UnsafeMutableBufferPointer<UInt8>) -> Signal {
        guard let base = bytes.baseAddress else { return .exhausted }
        guard state != .skipping else { return skipLine(base, count: bytes.count) }
        let end = min(bytes.count, recordStart + limits.bytes + 1)
        while position < end {
            let signal =
                switch state {
                case .fieldStart: startField(base)
                case .unquoted: scanUnquoted(base, end)
                case .quoted: scanQuoted(base, end)
                case .quoteSeen: scanAfterQuote(base)
                case .carriageReturnSeen: scanAfterCarriageReturn(base)
                case .skipping: preconditionFailure("a fault ends the scan")
                }
            if let signal { return signal }
        }
        return position - recordStart > limits.bytes ? .fault(.recordTooLong) : .exhausted
    }

    /// Ends the record that the end of the file cuts off, nil when there is none.
    mutating func finish(_ bytes: UnsafeMutableBufferPointer<UInt8>) -> Signal? {
        switch state {
        case .fieldStart:
            guard fieldCount > 0 else { return nil }
            fieldStart = position - recordStart
            return closeField(at: position) ?? .record
        case .unquoted:
            return closeField(at: position) ?? .record
        case .quoted:
            return .fault(.quoteUnterminated)
        case .quoteSeen:
            guard let base = bytes.baseAddress else { return nil }
            return closeQuotedField(base) ?? .record
        case .carriageReturnSeen:
            return endWithCarriageReturn()
        case .skipping:
            return nil
        }
    }

    /// Passes over the rest of the line after a fault.
    mutating func recover() {
        state = .skipping
    }

    private func offset(_ place: Int) -> Int32 { Int32(truncatingIfNeeded: place - recordStart) }

    private mutating func startField(_ bytes: UnsafeMutablePointer<UInt8>) -> Signal? {
        if bytes[position] == ByteSearch.quote {
            position += 1
            quoteLine = line
            hasDoubledQuotes = false
            state = .quoted
        } else {
            state = .unquoted
        }
        fieldStart = position - recordStart
        return nil
    }

    /// Goes on through the fields behind it while they have no quotes either: most of a file is read here.
    private mutating func scanUnquoted(_ bytes: UnsafeMutablePointer<UInt8>, _ end: Int) -> Signal? {
        var place = position
        defer { position = place }
        while true {
            place = ByteSearch.endOfUnquoted(bytes, from: place, to: end, separator: separator)
            guard place < end else { return nil }
            let byte = bytes[place]
            guard byte != ByteSearch.quote else { return .fault(.quoteBare) }
            if let fault = closeField(at: place) { return fault }
            place += 1
            guard byte == separator else { return endLine(with: byte) }
            guard place < end, bytes[place] != ByteSearch.quote else {
                state = .fieldStart
                return nil
            }
            fieldStart = place - recordStart
        }
    }

    private mutating func scanQuoted(_ bytes: UnsafeMutablePointer<UInt8>, _ end: Int) -> Signal? {
        position = ByteSearch.endOfQuoted(bytes, from: position, to: end, lineEnd: lineEnd)
        guard position < end else { return nil }
        if bytes[position] == lineEnd {
            line += 1
        } else {
            quotedEnd = position - recordStart
            state = .quoteSeen
        }
        position += 1
        return nil
    }

    private mutating func scanAfterQuote(_ bytes: UnsafeMutablePointer<UInt8>) -> Signal? {
        switch bytes[position] {
        case ByteSearch.quote:
            hasDoubledQuotes = true
            state = .quoted
            position += 1
            return nil
        case separator, ByteSearch.lineFeed, ByteSearch.carriageReturn:
            return closeQuotedField(bytes) ?? separate(bytes[position])
        default:
            return .fault(.quoteTextAfter)
        }
    }

    private mutating func scanAfterCarriageReturn(_ bytes: UnsafeMutablePointer<UInt8>) -> Signal? {
        guard bytes[position] != ByteSearch.lineFeed else { return separate(ByteSearch.lineFeed) }
        return endWithCarriageReturn()
    }

    /// A carriage return that no line feed follows: the header's says that all lines end so.
    private mutating func endWithCarriageReturn() -> Signal {
        if row == 0 { lineEnd = ByteSearch.carriageReturn }
        guard lineEnd == ByteSearch.carriageReturn else { return .fault(.carriageReturnAlone) }
        line += 1
        return .record
    }

    /// Takes the byte that ends a field.
    private mutating func separate(_ byte: UInt8) -> Signal? {
        position += 1
        guard byte != separator else {
            state = .fieldStart
            return nil
        }
        return endLine(with: byte)
    }

    @inline(__always)
    private mutating func endLine(with byte: UInt8) -> Signal? {
        guard byte == ByteSearch.lineFeed else {
            state = .carriageReturnSeen
            return nil
        }
        line += 1
        return .record
    }

    @inline(__always)
    private mutating func closeField(at end: Int) -> Signal? {
        fieldBase[fieldCount] = FieldBounds(start: Int32(truncatingIfNeeded: fieldStart), end: offset(end))
        fieldCount += 1
        return fieldCount > limits.columns ? .fault(.tooManyColumns) : nil
    }

    private mutating func closeQuotedField(_ bytes: UnsafeMutablePointer<UInt8>) -> Signal? {
        var end = recordStart + quotedEnd
        if hasDoubledQuotes {
            var write = recordStart + fieldStart
            var read = write
            while read < end {
                // Between quotes every quote is one of a pair.
                if bytes[read] == ByteSearch.quote { read += 1 }
                bytes[write] = bytes[read]
                write += 1
                read += 1
            }
            // What is left of them must not look like the rest of a character.
            (bytes + write).update(repeating: ByteSearch.quote, count: end - write)
            end = write
        }
        return closeField(at: end)
    }

    private mutating func skipLine(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) -> Signal {
        while position < count {
            position += 1
            if bytes[position - 1] == lineEnd || bytes[position - 1] == ByteSearch.lineFeed {
                line += 1
                return .skipped
            }
        }
        // Nothing of a faulty record is kept, however long it is.
        recordStart = position
        return .exhausted
    }
}

/// Hands out the places of marks one after the other.
private struct MarkCursor {
    private let bytes: UnsafeMutablePointer<UInt8>
    private let end: Int
    private let byteMarks: ByteMarks
    /// Where the present block starts.
    private var block: Int
    /// Of the present block, those that were not handed out.
    private var marks: UInt64
    /// All blocks laid over each other.
    private var seen: UInt64

    /// - Parameter end: a block that starts behind it is not read; a mark behind it may be handed out.
    @inline(__always)
    init(_ bytes: UnsafeMutablePointer<UInt8>, from start: Int, to end: Int, separator: UInt8) {
        self.bytes = bytes
        self.end = end
        byteMarks = ByteMarks(separator: separator)
        block = start
        seen = ByteMarks.load(bytes + start)
        marks = byteMarks.marks(seen)
    }

    /// Of all blocks so far, to their ends.
    var sawOnlyASCII: Bool { seen & ByteSearch.tops == 0 }

    @inline(__always)
    mutating func next() -> Int? {
        while marks == 0 {
            block &+= ByteMarks.blockBytes
            guard block < end else { return nil }
            let loaded = ByteMarks.load(bytes + block)
            seen |= loaded
            marks = byteMarks.marks(loaded)
        }
        let place = block &+ marks.trailingZeroBitCount / 8
        marks &= marks &- 1
        return place
    }

    /// The next quote; nil when a line ends before it.
    @inline(__always)
    mutating func closingQuote() -> Int? {
        while let mark = next() {
            switch bytes[mark] {
            case ByteSearch.quote: return mark
            case ByteSearch.lineFeed, ByteSearch.carriageReturn: return nil
            default: continue
            }
        }
        return nil
    }
}

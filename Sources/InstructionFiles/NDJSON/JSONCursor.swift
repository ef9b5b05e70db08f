/// Steps over the JSON of one line (RFC 8259, strict UTF-8), without making values of it.
///
/// As strict as the room JSON, which says what is wrong where this one only says that something is; tests hold
/// the two together.
struct JSONCursor {
    /// As deep as the room JSON goes.
    private static let maximumDepth = 512

    let base: UnsafePointer<UInt8>
    let end: Int
    var position = 0
    /// Where strings with escapes are written without them; it has room for a line and so never moves.
    private let scratch: ByteBuffer

    init(_ line: Cell, scratch: ByteBuffer) {
        // A line has at least the byte that made it no blank one.
        base = line.baseAddress ?? UnsafePointer(scratch.base)
        end = line.count
        self.scratch = scratch
    }

    /// The byte here; 0, which no JSON has outside strings, at the end.
    @inline(__always)
    var next: UInt8 { position < end ? base[position] : 0 }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < end, base[position] == byte else { return false }
        position &+= 1
        return true
    }

    @inline(__always)
    mutating func skipBlanks() {
        while position < end {
            let byte = base[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position &+= 1
        }
    }

    func cell(from start: Int) -> Cell { Cell(start: base + start, count: position - start) }

    // MARK: Values

    /// What stands here, by its first byte.
    var kind: JSONKind {
        switch next {
        case ByteSearch.quote: .text
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "n"): .null
        default: .boolean
        }
    }

    /// Steps over any value; false when it is no JSON.
    mutating func skipValue(depth: Int) -> Bool {
        switch kind {
        case .text: string() != nil
        case .number: number() != nil
        case .null: literal("null")
        case .boolean: next == UInt8(ascii: "t") ? literal("true") : literal("false")
        case .array: skipContainer(until: UInt8(ascii: "]"), hasKeys: false, depth: depth + 1)
        case .object: skipContainer(until: UInt8(ascii: "}"), hasKeys: true, depth: depth + 1)
        }
    }

    private mutating func skipContainer(until end: UInt8, hasKeys: Bool, depth: Int) -> Bool {
        guard depth <= Self.maximumDepth else { return false }
        position += 1
        skipBlanks()
        if take(end) { return true }
        while true {
            if hasKeys {
                guard next == ByteSearch.quote, string() != nil else { return false }
                guard takeColon() else { return false }
            }
            guard skipValue(depth: depth) else { return false }
            skipBlanks()
            if take(UInt8(ascii: ",")) {
                skipBlanks()
                continue
            }
            return take(end)
        }
    }

    /// The colon after a key, and the blanks around it.
    @inline(__always)
    mutating func takeColon() -> Bool {
        skipBlanks()
        guard take(UInt8(ascii: ":")) else { return false }
        skipBlanks()
        return true
    }

    mutating func literal(_ word: StaticString) -> Bool {
        guard position + word.utf8CodeUnitCount <= end else { return false }
        for index in 0..<word.utf8CodeUnitCount where base[position + index] != word.utf8Start[index] {
            return false
        }
        position += word.utf8CodeUnitCount
        return true
    }

    /// The exact digits of a number.
    mutating func number() -> Cell? {
        let start = position
        if next == UInt8(ascii: "-") { position &+= 1 }
        if next == UInt8(ascii: "0") {
            position &+= 1
            guard !CellText.isDigit(next) else { return nil }
        } else {
            guard skipDigits() else { return nil }
        }
        if next == UInt8(ascii: ".") {
            position &+= 1
            guard skipDigits() else { return nil }
        }
        if next | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position &+= 1 }
            guard skipDigits() else { return nil }
        }
        return cell(from: start)
    }

    private mutating func skipDigits() -> Bool {
        let start = position
        while position < end, CellText.isDigit(base[position]) { position &+= 1 }
        return position > start
    }

    // MARK: Strings

    /// The text of a string, from its opening quote past the closing one.
    mutating func string() -> Cell? {
        position &+= 1
        let start = position
        guard let hasEscapes = skipToClosingQuote() else { return nil }
        let content = Cell(start: base + start, count: position - start)
        position &+= 1
        return hasEscapes ? unescaped(content) : content
    }

    /// Stops at the closing quote and says whether there are escapes; nil when there is none, or a control
    /// character or bytes that are no UTF-8 before it.
    private mutating func skipToClosingQuote() -> Bool? {
        let start = position
        let raw = UnsafeRawPointer(base)
        var hasEscapes = false
        var seen: UInt64 = 0
        var index = position
        while true {
            while index &+ 8 <= end {
                let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let marks = Self.endsOfPlain(word)
                if marks != 0 {
                    let before = marks.trailingZeroBitCount / 8
                    seen |= word & ((1 &<< UInt64(before &* 8)) &- 1)
                    index &+= before
                    break
                }
                seen |= word
                index &+= 8
            }
            guard index < end else { return nil }
            let byte = base[index]
            if byte == ByteSearch.quote { break }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index &+= 2
            } else {
                guard byte >= 0x20 else { return nil }
                seen |= UInt64(byte)
                index &+= 1
            }
        }
        position = index
        guard seen & ByteSearch.tops != 0 else { return hasEscapes }
        let text = Cell(start: base + start, count: index - start)
        return (try? UTF8Span(validating: text.span)) == nil ? nil : hasEscapes
    }

    /// Marks quotes, backslashes and control characters; only the lowest mark is sure.
    @inline(__always)
    private static func endsOfPlain(_ word: UInt64) -> UInt64 {
        let quotes = word ^ (ByteSearch.ones &* UInt64(ByteSearch.quote))
        let backslashes = word ^ (ByteSearch.ones &* UInt64(UInt8(ascii: "\\")))
        // "Determine if a word has a byte less than n", from the same page as `ByteSearch`.
        let controls = (word &- ByteSearch.ones &* 0x20) & ~word & ByteSearch.tops
        return ByteSearch.zeroes(quotes) | ByteSearch.zeroes(backslashes) | controls
    }

    /// nil when an escape is none of RFC 8259, or half of a surrogate pair.
    private func unescaped(_ content: Cell) -> Cell? {
        let start = scratch.count
        var index = 0
        while index < content.count {
            let byte = content[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                scratch.append(byte)
                continue
            }
            guard index < content.count else { return nil }
            index += 1
            switch content[index - 1] {
            case ByteSearch.quote: scratch.append(ByteSearch.quote)
            case UInt8(ascii: "\\"): scratch.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "/"): scratch.append(UInt8(ascii: "/"))
            case UInt8(ascii: "b"): scratch.append(0x08)
            case UInt8(ascii: "f"): scratch.append(0x0C)
            case UInt8(ascii: "n"): scratch.append(0x0A)
            case UInt8(ascii: "r"): scratch.append(0x0D)
            case UInt8(ascii: "t"): scratch.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = Self.scalar(content, &index) else { return nil }
                scratch.append(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            default: return nil
            }
        }
        return scratch.cell(from: start)
    }

    /// The scalar whose four hexadecimal digits stand at `index`, with the second escape of a pair.
    private static func scalar(_ content: Cell, _ index: inout Int) -> Unicode.Scalar? {
        guard let first = hexadecimal(content, &index) else { return nil }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, index + 2 <= content.count, content[index] == UInt8(ascii: "\\"),
            content[index + 1] == UInt8(ascii: "u")
        else { return nil }
        index += 2
        guard let second = hexadecimal(content, &index), 0xDC00...0xDFFF ~= second else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private static func hexadecimal(_ content: Cell, _ index: inout Int) -> UInt32? {
        guard index + 4 <= content.count else { return nil }
        var value: UInt32 = 0
        for byte in content[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }
}

/// The kinds of JSON values, for what a member must be.
enum JSONKind: Equatable {
    case text, number, boolean, null, object, array
}

/// A recursive reader over the bytes of one document, non-generic so that it is as fast from another room
/// as from this one.
///
/// Lives only inside the call that lends the buffer.
struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    var position = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func readDocument() throws(JSONSyntaxError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw fault(.byteOrderMark) }
        skipWhiteSpace()
        guard position < bytes.count else { throw fault(.empty) }
        let value = try readValue()
        skipWhiteSpace()
        guard position == bytes.count else { throw fault(.afterDocument) }
        return value
    }

    /// Whether the text is a number of RFC 8259's grammar and nothing else.
    static func isNumber(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer, maximumDepth: 0)
            do {
                try reader.skipNumber()
                return reader.position == buffer.count
            } catch {
                return false
            }
        }
    }

    func fault(_ fault: JSONFault, at offset: Int? = nil) -> JSONSyntaxError {
        JSONSyntaxError(offset: offset ?? position, message: fault.message)
    }

    /// The byte at the position, nil at the end.
    var next: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipWhiteSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    /// The text from a position up to the present one; the bytes must have been checked.
    func text(from start: Int) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    }

    // MARK: Values

    private mutating func readValue() throws(JSONSyntaxError) -> JSONValue {
        guard let first = next else { throw fault(.notAValue) }
        switch first {
        case UInt8(ascii: "\""):
            return .string(try readString())
        case UInt8(ascii: "{"):
            return .object(try readObject())
        case UInt8(ascii: "["):
            return .array(try readArray())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = position
            try skipNumber()
            return .number(text(from: start))
        case UInt8(ascii: "t"):
            return try readLiteral("true", .bool(true))
        case UInt8(ascii: "f"):
            return try readLiteral("false", .bool(false))
        case UInt8(ascii: "n"):
            return try readLiteral("null", .null)
        default:
            throw fault(.notAValue)
        }
    }

    private mutating func readLiteral(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard let byte = next else { throw fault(.ended(inside: "a word")) }
            guard byte == word.utf8Start[index] else { throw fault(.badLiteral, at: start) }
            position += 1
        }
        return value
    }

    private mutating func enter() throws(JSONSyntaxError) {
        guard depth < maximumDepth else { throw fault(.tooDeep(limit: maximumDepth)) }
        depth += 1
        position += 1
        skipWhiteSpace()
    }

    private mutating func leave() {
        depth -= 1
        position += 1
    }

    private mutating func readArray() throws(JSONSyntaxError) -> [JSONValue] {
        var elements: [JSONValue] = []
        try enter()
        if next == UInt8(ascii: "]") {
            leave()
            return elements
        }
        while true {
            guard position < bytes.count else { throw fault(.ended(inside: "an array")) }
            elements.append(try readValue())
            skipWhiteSpace()
            switch next {
            case UInt8(ascii: ","):
                position += 1
                skipWhiteSpace()
            case UInt8(ascii: "]"):
                leave()
                return elements
            case nil:
                throw fault(.ended(inside: "an array"))
            default:
                throw fault(.commaOrEndExpected(container: "array"))
            }
        }
    }

    private mutating func readObject() throws(JSONSyntaxError) -> JSONObject {
        var object = JSONObject()
        try enter()
        if next == UInt8(ascii: "}") {
            leave()
            return object
        }
        while true {
            let key = try readKey()
            guard position < bytes.count else { throw fault(.ended(inside: "an object")) }
            object.members.append(JSONObject.Member(key: key, value: try readValue()))
            skipWhiteSpace()
            switch next {
            case UInt8(ascii: ","):
                position += 1
                skipWhiteSpace()
            case UInt8(ascii: "}"):
                leave()
                return object
            case nil:
                throw fault(.ended(inside: "an object"))
            default:
                throw fault(.commaOrEndExpected(container: "object"))
            }
        }
    }

    /// Reads a key, its colon, and the white space up to the value.
    private mutating func readKey() throws(JSONSyntaxError) -> String {
        guard let quote = next else { throw fault(.ended(inside: "an object")) }
        guard quote == UInt8(ascii: "\"") else { throw fault(.keyExpected) }
        let key = try readString()
        skipWhiteSpace()
        guard let colon = next else { throw fault(.ended(inside: "an object")) }
        guard colon == UInt8(ascii: ":") else { throw fault(.colonExpected) }
        position += 1
        skipWhiteSpace()
        return key
    }

    // MARK: Numbers

    private mutating func skipNumber() throws(JSONSyntaxError) {
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") {
            position += 1
            if let byte = next, isDigit(byte) { throw fault(.leadingZero) }
        } else {
            try skipDigits()
        }
        if next == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try skipDigits()
        }
    }

    /// Skips one digit or more.
    private mutating func skipDigits() throws(JSONSyntaxError) {
        guard let first = next else { throw fault(.ended(inside: "a number")) }
        guard isDigit(first) else { throw fault(.digitExpected) }
        while let byte = next, isDigit(byte) { position += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}

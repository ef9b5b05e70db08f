/// One JSON value (RFC 8259) as it was written: numbers keep their exact digits and objects their order
/// and their repeated keys, because amounts must never pass through binary floating point and a key
/// written twice is a fact that a caller may want to refuse.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// The digits exactly as written (`1.10`, `1e3`, `-0`). Whoever builds one gives text of RFC 8259's
    /// number grammar; the writer traps on anything else.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: Equatable {
    /// Equal when written with the same characters: strings are compared byte for byte (RFC 8259 section
    /// 8.3), where Swift's own `==` would take a composed and a decomposed accent for the same text, and
    /// `1.0` is not `1`.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): sameBytes(left, right)
        case (.string(let left), .string(let right)): sameBytes(left, right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

/// Whether two texts have the same UTF-8 bytes.
func sameBytes(_ left: String, _ right: String) -> Bool {
    // Texts of the same length are mostly the same or differ soon.
    left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
}

extension JSONValue {
    /// Reads one whole document: RFC 8259, strict UTF-8, no byte order mark, nothing but white space
    /// around the value. An escaped half of a surrogate pair without its other half is refused, because no
    /// Unicode text can hold it.
    ///
    /// - Parameter maximumDepth: how many arrays and objects may stand inside each other. The reader
    ///   recurses once per level, so a much larger limit needs a larger stack.
    package init(parsing bytes: [UInt8], maximumDepth: Int = 512) throws(JSONSyntaxError) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(JSONSyntaxError) -> JSONValue in
            var reader = JSONReader(buffer, maximumDepth: maximumDepth)
            return try reader.readDocument()
        }
    }

    /// Reads one whole document from text; offsets in errors count its UTF-8 bytes.
    package init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// The document as UTF-8: order kept, only the escapes that RFC 8259 demands.
    ///
    /// - Parameter pretty: one member or element a line, indented by two spaces; otherwise no white space.
    ///   Neither ends with a line feed.
    package func bytes(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self)
        return writer.output
    }

    /// The document as text without white space.
    package var text: String {
        String(decoding: bytes(), as: UTF8.self)
    }
}

/// Writes values as UTF-8. Escapes only what RFC 8259 section 7 demands: quote, backslash and the control
/// characters below U+0020.
struct JSONWriter {
    private(set) var output: [UInt8] = []
    private let pretty: Bool
    private var depth = 0

    init(pretty: Bool) {
        self.pretty = pretty
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null:
            output.append(contentsOf: "null".utf8)
        case .bool(let flag):
            output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let digits):
            precondition(JSONReader.isNumber(digits), "a JSON number was built from text that is no number")
            output.append(contentsOf: digits.utf8)
        case .string(let text):
            write(text)
        case .array(let elements):
            write(elements, between: ("[", "]")) { writer, element in
                writer.write(element)
            }
        case .object(let object):
            write(object.members, between: ("{", "}")) { writer, member in
                writer.write(member.key)
                writer.output.append(contentsOf: (writer.pretty ? ": " : ":").utf8)
                writer.write(member.value)
            }
        }
    }

    private mutating func write<Item>(
        _ items: [Item], between brackets: (StaticString, StaticString),
        _ writeItem: (inout JSONWriter, Item) -> Void
    ) {
        output.append(brackets.0.utf8Start.pointee)
        depth += 1
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            breakLine()
            writeItem(&self, item)
        }
        depth -= 1
        if !items.isEmpty { breakLine() }
        output.append(brackets.1.utf8Start.pointee)
    }

    private mutating func breakLine() {
        guard pretty else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x08: output.append(contentsOf: "\\b".utf8)
            case 0x0C: output.append(contentsOf: "\\f".utf8)
            case 0x0A: output.append(contentsOf: "\\n".utf8)
            case 0x0D: output.append(contentsOf: "\\r".utf8)
            case 0x09: output.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                output.append(contentsOf: "\\u00".utf8)
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 0xF)])
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}

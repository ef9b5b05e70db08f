import Instructions
import JSON

/// Says why a line is not one JSON object, in the words of the room JSON: only a faulty line is read twice.
enum JSONComplaint {
    static func of(_ line: Cell, encoding: ReadOptions.Encoding) -> RecordFault.Kind {
        if (try? UTF8Span(validating: line.span)) == nil {
            return encoding == .windows1252
                ? .windows1252Invalid
                : .utf8Invalid(couldBeWindows1252: line.allSatisfy(Windows1252.isDefined))
        }
        do {
            _ = try JSONValue(parsing: Array(line))
            return .jsonNotObject(isArray: line.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "["))
        } catch {
            return .jsonInvalid(reason: error.message, byte: error.offset + 1)
        }
    }
}

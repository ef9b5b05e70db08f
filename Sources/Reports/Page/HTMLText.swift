/// Text and numbers that are safe within HTML and read well.
enum HTMLText {
    /// Safe in content and in quoted attributes. What no XML may hold, and what a terminal or an editor would
    /// obey, is shown as a replacement character.
    static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case "\t", "\n": output.unicodeScalars.append(" ")
            default: output.unicodeScalars.append(isShown(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return output
    }

    /// A sentence of ours, commands and names in it (between backticks) set as such.
    static func sentence(_ text: String) -> String {
        let parts = escaped(text).split(separator: "`", omittingEmptySubsequences: false)
        // An odd one out is a backtick that closes nothing.
        guard parts.count % 2 == 1 else { return escaped(text) }
        return parts.enumerated().map { $0 % 2 == 1 ? "<code>\($1)</code>" : String($1) }.joined()
    }

    /// Text that somebody else wrote: its direction of writing does not reach beyond it.
    static func foreign(_ text: String) -> String { "<bdi>\(escaped(text))</bdi>" }

    /// The relative address of a file beside the page, every byte but letters, digits and `-._~` in percents.
    static func address(_ name: String) -> String {
        var output = "./"
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                output += "%" + (hex.utf8.count < 2 ? "0" : "") + hex
            }
        }
        return output
    }

    /// With commas between thousands: `8,000`.
    static func number(_ value: Int) -> String { grouped(String(value)) }

    /// The same for an amount in major units: `1,234.56`.
    static func grouped(_ digits: String) -> String {
        let parts = digits.split(separator: ".", maxSplits: 1)
        guard let whole = parts.first else { return digits }
        var output = ""
        for (index, digit) in whole.enumerated() {
            let left = whole.count - index
            if index > 0, left % 3 == 0, digit != "-", output != "-" { output += "," }
            output.append(digit)
        }
        return parts.count > 1 ? "\(output).\(parts[1])" : output
    }

    /// `8,000 rows`, `1 row`.
    static func count(_ value: Int, _ noun: String) -> String {
        "\(number(value)) \(noun)\(value == 1 ? "" : "s")"
    }

    /// Control characters, surrogates' neighbours that XML 1.0 forbids, and marks that turn the direction of
    /// writing are not.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF,
            0xFFFE, 0xFFFF:
            false
        default: true
        }
    }
}

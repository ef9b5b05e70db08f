/// The code page that spreadsheets in western Europe save as "CSV".
///
/// Source: the WHATWG Encoding Standard's index for windows-1252, with the five bytes that Windows itself
/// leaves undefined (81, 8D, 8F, 90, 9D) refused instead of taken for control characters.
enum Windows1252 {
    /// U+0080 to U+009F; 0 for an undefined byte. From U+00A0 on the byte is the scalar.
    private static let upperControls: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ]

    static func isDefined(_ byte: UInt8) -> Bool {
        !(0x80...0x9F).contains(byte) || upperControls[Int(byte - 0x80)] != 0
    }

    /// Appends the bytes as UTF-8. An undefined byte stays as it is: alone it is no UTF-8, so that the scanner
    /// finds it at its place.
    static func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
        for byte in bytes {
            guard byte >= 0x80 else {
                text.append(byte)
                continue
            }
            let scalar = byte < 0xA0 ? upperControls[Int(byte - 0x80)] : UInt16(byte)
            switch scalar {
            case 0: text.append(byte)
            case ..<0x800:
                text.append(0xC0 | UInt8(scalar >> 6))
                text.append(0x80 | UInt8(scalar & 0x3F))
            default:
                text.append(0xE0 | UInt8(scalar >> 12))
                text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
                text.append(0x80 | UInt8(scalar & 0x3F))
            }
        }
    }
}

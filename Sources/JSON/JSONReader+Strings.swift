/// Strings: strict UTF-8 and the escapes of RFC 8259 section 7.
extension JSONReader {
    /// Reads from the opening quote past the closing one. A string without escapes is taken in one piece.
    mutating func readString() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        try skipPlainCharacters()
        if next == UInt8(ascii: "\"") {
            let plain = text(from: start)
            position += 1
            return plain
        }
        var characters = Array(bytes[start..<position])
        while next == UInt8(ascii: "\\") {
            try readEscape(into: &characters)
            let plain = position
            try skipPlainCharacters()
            characters.append(contentsOf: bytes[plain..<position])
        }
        position += 1
        return String(decoding: characters, as: UTF8.self)
    }

    /// Stops at a quote or a backslash; everything before it is valid UTF-8 without control characters.
    private mutating func skipPlainCharacters() throws(JSONSyntaxError) {
        while let byte = next {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
            if byte < 0x20 { throw fault(.controlCharacter) }
            if byte < 0x80 {
                position += 1
            } else {
                try skipMultibyteCharacter(lead: byte)
            }
        }
        throw fault(.ended(inside: "a string"))
    }

    /// The Unicode Standard, table 3-7: the second byte's range shuts out overlong forms, surrogates and
    /// everything past U+10FFFF.
    private mutating func skipMultibyteCharacter(lead: UInt8) throws(JSONSyntaxError) {
        let start = position
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: throw fault(.notUTF8)
        }
        position += 1
        for index in 1..<length {
            guard let byte = next else { throw fault(.ended(inside: "a string")) }
            guard (index == 1 ? second : 0x80...0xBF).contains(byte) else {
                throw fault(.notUTF8, at: start)
            }
            position += 1
        }
    }

    private mutating func readEscape(into characters: inout [UInt8]) throws(JSONSyntaxError) {
        let start = position
        position += 1
        guard let letter = next else { throw fault(.ended(inside: "a string")) }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): characters.append(letter)
        case UInt8(ascii: "b"): characters.append(0x08)
        case UInt8(ascii: "f"): characters.append(0x0C)
        case UInt8(ascii: "n"): characters.append(0x0A)
        case UInt8(ascii: "r"): characters.append(0x0D)
        case UInt8(ascii: "t"): characters.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try readEscapedScalar(escapeStart: start)
            characters.append(contentsOf: Array(Character(scalar).utf8))
        default: throw fault(.unknownEscape, at: start)
        }
    }

    /// Reads the digits after `\u`, and a second escape when the first is the upper half of a pair.
    private mutating func readEscapedScalar(
        escapeStart: Int
    ) throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = UInt32(try readHexDigits(escapeStart: escapeStart))
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00 else { throw fault(.loneSurrogate, at: escapeStart) }
        for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
            guard let byte = next else { throw fault(.ended(inside: "a string")) }
            guard byte == expected else { throw fault(.loneSurrogate, at: escapeStart) }
            position += 1
        }
        let second = UInt32(try readHexDigits(escapeStart: position - 2))
        guard 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw fault(.loneSurrogate, at: escapeStart) }
        return scalar
    }

    private mutating func readHexDigits(escapeStart: Int) throws(JSONSyntaxError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw fault(.ended(inside: "a string")) }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw fault(.badHexEscape, at: escapeStart)
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}

import JSON

/// SplitMix64: the same seed gives the same documents on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 6 ? 7 : 4), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .number(number())
        case 3: return .string(text())
        case 4, 5: return .array((0..<count()).map { _ in value(depth: depth + 1) })
        default:
            let members = (0..<count()).map { _ in
                JSONObject.Member(key: text(), value: value(depth: depth + 1))
            }
            return .object(JSONObject(members))
        }
    }

    private mutating func count() -> Int {
        Int.random(in: 0..<5, using: &self)
    }

    private mutating func digits(_ range: ClosedRange<Int>) -> String {
        String(
            (0..<Int.random(in: range, using: &self)).map { _ in
                "0123456789".randomElement(using: &self) ?? "0"
            })
    }

    private mutating func number() -> String {
        var number = Bool.random(using: &self) ? "-" : ""
        let whole = String(digits(1...25).drop { $0 == "0" })
        number += whole.isEmpty ? "0" : whole
        if Bool.random(using: &self) { number += "." + digits(1...25) }
        if Bool.random(using: &self) {
            number += ["e", "E", "e+", "E-"].randomElement(using: &self) ?? "e"
            number += digits(1...4)
        }
        return number
    }

    /// Text of every UTF-8 length, rich in what needs an escape, short enough for keys to repeat.
    private mutating func text() -> String {
        var text = ""
        for _ in 0..<count() {
            let scalars: ClosedRange<UInt32> =
                switch Int.random(in: 0..<6, using: &self) {
                case 0: 0x00...0x1F
                case 1: 0x20...0x7F
                case 2: 0x80...0x7FF
                case 3: 0x800...0xFFFF
                case 4: 0x10000...0x10FFFF
                default: 0x22...0x22
                }
            if let scalar = Unicode.Scalar(UInt32.random(in: scalars, using: &self)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

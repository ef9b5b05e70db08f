/// Finds payment card numbers in a text: 13 to 19 digits with a Luhn check and an issuer's prefix of that
/// length, in one piece or in groups with a space or a hyphen between them.
///
/// A number that is part of a longer word, such as a hash, is none; letters directly before it are taken for
/// a label (`PAN4111…`).
package enum CardNumber {
    static let lengths = 13...19
    /// A card's first group, when it is written in groups, has four digits or more; a date or a telephone
    /// number often has fewer.
    private static let shortestFirstGroup = 4

    package static func stands(in text: String) -> Bool {
        var copy = text
        return copy.withUTF8 { stands(in: $0) }
    }

    static func stands(in text: Cell) -> Bool {
        guard text.count >= lengths.lowerBound else { return false }
        var index = 0
        while index < text.count {
            guard CellText.isDigit(text[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < text.count, CellText.isDigit(text[index]) { index += 1 }
            if isWordStart(text, start), starts(text, at: start), !isInUUID(text, start) { return true }
        }
        return false
    }

    /// Whether a card number starts with the group of digits that starts here.
    private static func starts(_ text: Cell, at start: Int) -> Bool {
        var number: UInt64 = 0
        var digits = 0
        var index = start
        while true {
            let group = index
            while index < text.count, CellText.isDigit(text[index]) {
                guard digits < lengths.upperBound else { return false }
                number = number * 10 + UInt64(text[index] - UInt8(ascii: "0"))
                digits += 1
                index += 1
            }
            let isOver = index == text.count
            if lengths.contains(digits), isOver || !isLetter(text[index]), isCard(number, digits: digits) {
                return true
            }
            if group == start, digits < shortestFirstGroup { return false }
            guard !isOver, text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "-"),
                index + 1 < text.count, CellText.isDigit(text[index + 1])
            else { return false }
            index += 1
        }
    }

    /// Whether nothing but letters stands between the place and the start of its word.
    private static func isWordStart(_ text: Cell, _ start: Int) -> Bool {
        var index = start
        while index > 0, isLetter(text[index - 1]) { index -= 1 }
        return index == 0 || !CellText.isDigit(text[index - 1])
    }

    /// Whether the place lies in a UUID as RFC 9562 writes it, whose groups may be all digits: else one of 30,000
    /// would be taken for a card.
    private static func isInUUID(_ text: Cell, _ place: Int) -> Bool {
        func belongs(_ byte: UInt8) -> Bool {
            CellText.isDigit(byte) || byte == UInt8(ascii: "-")
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
        }
        var (start, end) = (place, place)
        while start > 0, belongs(text[start - 1]) { start -= 1 }
        while end < text.count, belongs(text[end]) { end += 1 }
        return end - start == 36
            && (0..<36).allSatisfy {
                ($0 == 8 || $0 == 13 || $0 == 18 || $0 == 23) == (text[start + $0] == UInt8(ascii: "-"))
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    private static func isCard(_ number: UInt64, digits: Int) -> Bool {
        var head = number
        for _ in 6..<digits { head /= 10 }
        return isIssued(Int(head), digits: digits) && passesLuhn(number)
    }

    /// Every second digit from the right is doubled, a result of two digits counts as their sum; all together
    /// are a multiple of ten (ISO/IEC 7812-1 annex B).
    static func passesLuhn(_ number: UInt64) -> Bool {
        var rest = number
        var sum: UInt64 = 0
        var isSecond = false
        while rest > 0 {
            let digit = rest % 10
            let doubled = digit * 2
            sum += isSecond ? (doubled > 9 ? doubled - 9 : doubled) : digit
            isSecond.toggle()
            rest /= 10
        }
        return sum % 10 == 0
    }

    /// Whether an issuer has this six-digit prefix for numbers of that length, as the networks publish their
    /// ranges. UATP's single digit 1 is left out: it would cover a ninth of all order numbers of 15 digits.
    static func isIssued(_ prefix: Int, digits: Int) -> Bool {
        switch prefix {
        case 400_000...499_999: digits == 13 || digits == 16 || digits == 19  // Visa
        case 510_000...559_999, 222_100...272_099: digits == 16  // Mastercard
        case 340_000...349_999, 370_000...379_999: digits == 15  // American Express
        case 300_000...305_999, 309_500...309_599, 360_000...369_999, 380_000...399_999:
            (14...19).contains(digits)  // Diners Club
        case 352_800...358_999: (16...19).contains(digits)  // JCB
        case 620_000...629_999, 810_000...817_199: (16...19).contains(digits)  // UnionPay
        case 601_100...601_199, 644_000...659_999: (16...19).contains(digits)  // Discover, RuPay, Verve
        case 220_000...220_499: (16...19).contains(digits)  // Mir
        case 501_800...501_899, 502_000...502_099, 503_800...503_899, 589_300...589_399, 630_400...630_499,
            675_900...675_999, 676_100...676_399:
            (13...19).contains(digits)  // Maestro
        case 506_099...506_198, 507_865...507_964: [16, 18, 19].contains(digits)  // Verve
        case 508_000...508_999, 600_000...609_999, 820_000...829_999, 979_200...979_299:
            digits == 16  // RuPay, Troy
        default: false
        }
    }
}

import Instructions

/// Recognises what spreadsheets do to cells, so that the problem says how it came about.
enum SpreadsheetDamage {
    /// The fault that says more of the cell than the rule it breaks; the same one when there is none.
    static func explained(_ fault: FileFault, _ cell: Cell) -> FileFault {
        switch fault {
        case .intentIDInvalid where isScientific(cell): .idScientific
        case .amountInvalid where hasThousands(cell): .amountThousands
        case .dateInvalid(let column, .form):
            if isSerial(cell) {
                .dateRewritten(column, asDays: true)
            } else {
                isRewrittenDate(cell) ? .dateRewritten(column, asDays: false) : quoted(fault, cell)
            }
        case .actionUnknown, .currencyUnknown, .lineItemsInvalid, .intentIDInvalid, .amountInvalid:
            quoted(fault, cell)
        default: fault
        }
    }

    private static func quoted(_ fault: FileFault, _ cell: Cell) -> FileFault {
        hasCurlyQuotes(cell) ? .curlyQuotes : fault
    }

    /// `1.23E+17`, `1,23E+17`, `1E+17`. Without a sign and a mark it may be an id, such as 1E17.
    static func isScientific(_ cell: Cell) -> Bool {
        // Nearly every other text ends here.
        guard let first = cell.first, CellText.isDigit(first), let last = cell.last, CellText.isDigit(last)
        else {
            return false
        }
        guard let letter = cell.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
        let digits = cell[..<letter]
        var exponent = cell[(letter + 1)...]
        let hasSign = exponent.first == UInt8(ascii: "+") || exponent.first == UInt8(ascii: "-")
        if hasSign { exponent = exponent.dropFirst() }
        let marks = digits.count { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
        guard hasSign || marks == 1, marks <= 1 else { return false }
        return (1...3).contains(exponent.count) && exponent.allSatisfy(CellText.isDigit)
            && digits.count(where: CellText.isDigit) + marks == digits.count
    }

    /// The typographic quotes, U+2018 to U+201F.
    static func hasCurlyQuotes(_ cell: Cell) -> Bool {
        guard cell.count >= 3 else { return false }
        return (0..<cell.count - 2).contains { index in
            cell[index] == 0xE2 && cell[index + 1] == 0x80 && (0x98...0x9F).contains(cell[index + 2])
        }
    }

    /// Figures in groups of three: `1,234`, `1,234.56`, `1.234,56`, `1 234`, `1'234'567`.
    static func hasThousands(_ cell: Cell) -> Bool {
        var digits = [0]
        var marks: [Unicode.Scalar] = []
        for scalar in String(decoding: cell.prefix(64), as: UTF8.self).unicodeScalars {
            switch scalar {
            case "0"..."9": digits[digits.count - 1] += 1
            case "-" where digits == [0]: continue
            case ",", ".", " ", "'", "\u{2019}", "\u{A0}", "\u{202F}":
                marks.append(scalar)
                digits.append(0)
            default: return false
            }
        }
        guard let thousands = marks.first, (1...3).contains(digits[0]) else { return false }
        // A last mark of another kind is the decimal one.
        let hasDecimals = marks.count > 1 && marks.last != thousands
        let groups = hasDecimals ? digits.dropFirst().dropLast() : digits.dropFirst()
        let separators = hasDecimals ? marks.dropLast() : marks
        return separators.allSatisfy { $0 == thousands } && groups.allSatisfy { $0 == 3 }
            && (digits.last ?? 0) > 0
    }

    /// `20/11/2026`, `20.11.2026`, `11/20/26`, `20-Nov-26`, also with a time behind it.
    static func isRewrittenDate(_ cell: Cell) -> Bool {
        let text = String(decoding: cell.prefix(40), as: UTF8.self)
        guard let date = text.split(separator: " ").first else { return false }
        return (["/", ".", "-"] as [Character]).contains { mark in
            let fields = date.split(separator: mark, omittingEmptySubsequences: false)
            guard fields.count == 3, isNumber(fields[0], digits: 1...2),
                isNumber(fields[2], digits: 2...2) || isNumber(fields[2], digits: 4...4)
            else { return false }
            // `20-11-2026` is a form that external_processing_date takes.
            if isNumber(fields[1], digits: 1...2) { return mark != "-" || fields[2].count == 2 }
            return (3...9).contains(fields[1].count) && fields[1].allSatisfy(\.isLetter)
        }
    }

    /// Days since 1899-12-30, as spreadsheets count them, from 1954 to 2119; perhaps with a time of day.
    static func isSerial(_ cell: Cell) -> Bool {
        let text = String(decoding: cell.prefix(40), as: UTF8.self)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, isNumber(parts[0], digits: 5...5), let days = Int(parts[0]) else {
            return false
        }
        return (20_000...80_000).contains(days)
            && parts.dropFirst().allSatisfy { isNumber($0, digits: 1...20) }
    }

    private static func isNumber(_ text: Substring, digits: ClosedRange<Int>) -> Bool {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy(CellText.isDigit)
    }
}

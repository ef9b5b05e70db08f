/// Tells whether a spreadsheet made one text of an id out of another one that is known.
package enum RestoredID {
    /// How the id was damaged, with the stable code of that damage; nil where it is another id, or the same.
    ///
    ///     1012411211459019141 → 1012411211459010000   id_rounded
    ///     1012411211459019141 → 1.01241E+18           id_scientific
    ///     0017                → 17                    zeros_lost
    package static func damage(of original: String, into text: String) -> FileProblemCode? {
        let (known, found) = (Array(original.utf8), Array(text.utf8))
        guard known != found, !known.isEmpty, known.allSatisfy(CellText.isDigit) else { return nil }
        if isRounded(known, found) { return .idRounded }
        if isScientific(known, found) { return .idScientific }
        let isShorter = known.first == zero && !found.isEmpty
        return isShorter && known.drop { $0 == zero }.elementsEqual(found) ? .zerosLost : nil
    }

    private static let zero = UInt8(ascii: "0")

    /// Cut off or rounded to 15 digits, or written as the nearest binary floating-point number.
    private static func isRounded(_ known: [UInt8], _ found: [UInt8]) -> Bool {
        guard known.count > RoundedIDs.keptDigits, found.count == known.count,
            found.allSatisfy(CellText.isDigit)
        else { return false }
        if let number = UInt64(String(decoding: known, as: UTF8.self)),
            let nearest = UInt64(exactly: Double(number)), Array(String(nearest).utf8) == found
        {
            return true
        }
        let kept = RoundedIDs.keptDigits
        guard found.dropFirst(kept).allSatisfy({ $0 == zero }) else { return false }
        return prefixes(known, kept).contains(Array(found.prefix(kept)))
    }

    /// `1.01241E+18`, with a point or a comma, whatever the number of digits that are left.
    private static func isScientific(_ known: [UInt8], _ found: [UInt8]) -> Bool {
        let halves = found.split(whereSeparator: { $0 == UInt8(ascii: "E") || $0 == UInt8(ascii: "e") })
        guard halves.count == 2, known.first != zero else { return false }
        let exponent = halves[1].first == UInt8(ascii: "+") ? halves[1].dropFirst() : halves[1]
        guard Int(String(decoding: exponent, as: UTF8.self)) == known.count - 1 else { return false }
        let digits = halves[0].filter { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ",") }
        guard digits.allSatisfy(CellText.isDigit), (1...known.count).contains(digits.count) else {
            return false
        }
        return prefixes(known, digits.count).contains(Array(digits))
    }

    /// The first digits, cut off and rounded up; 9s that would carry beyond them are left alone.
    private static func prefixes(_ known: [UInt8], _ count: Int) -> [[UInt8]] {
        let cut = Array(known.prefix(count))
        guard let place = cut.lastIndex(where: { $0 != UInt8(ascii: "9") }) else { return [cut] }
        let raised = cut[..<place] + [cut[place] + 1] + Array(repeating: zero, count: count - place - 1)
        return [cut, Array(raised)]
    }
}

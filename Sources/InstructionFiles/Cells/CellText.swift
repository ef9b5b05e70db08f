/// The bytes of a cell, lent for the length of a call.
package typealias Cell = UnsafeBufferPointer<UInt8>

/// Plain questions about the bytes of a cell; all of it is valid UTF-8 by then.
enum CellText {
    /// Without spaces and tabs at either end.
    @inline(__always)
    static func trimmed(_ cell: Cell) -> Cell {
        guard let first = cell.first, let last = cell.last, isBlank(first) || isBlank(last) else {
            return cell
        }
        return Cell(rebasing: trimmed(cell[...]))
    }

    static func trimmed<Bytes: BidirectionalCollection>(_ bytes: Bytes) -> Bytes.SubSequence
    where Bytes.Element == UInt8, Bytes.SubSequence == Bytes {
        var rest = bytes
        while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return rest
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// Whether there are digits and nothing else.
    static func isNumber(_ cell: Cell) -> Bool {
        guard cell.count >= 8 else {
            for byte in cell where !isDigit(byte) { return false }
            return !cell.isEmpty
        }
        var place = 0
        while place + 8 < cell.count {
            guard digits(word(cell, place)) == ByteSearch.tops else { return false }
            place += 8
        }
        return digits(word(cell, cell.count - 8)) == ByteSearch.tops
    }

    /// How many digits there are.
    static func digitCount(_ cell: Cell) -> Int {
        var count = 0
        var place = 0
        while place + 8 <= cell.count {
            // The marks as ones, added up in the highest byte.
            count += Int((digits(word(cell, place)) >> 7 &* ByteSearch.ones) >> 56)
            place += 8
        }
        while place < cell.count {
            if isDigit(cell[place]) { count += 1 }
            place += 1
        }
        return count
    }

    /// Eight bytes of the cell from a place on that has so many.
    @inline(__always)
    private static func word(_ cell: Cell, _ place: Int) -> UInt64 {
        UInt64(
            littleEndian: UnsafeRawBufferPointer(cell).loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    /// The top bit of each byte that is a digit.
    ///
    /// Without their top bits, a sum reaches 128 in each byte that is `0` or more, and another one in each that is
    /// past `9`; no sum carries into the next byte.
    @inline(__always)
    private static func digits(_ word: UInt64) -> UInt64 {
        let low = word & ~ByteSearch.tops
        let isPast0 = low &+ ByteSearch.ones &* UInt64(0x80 - UInt8(ascii: "0"))
        let isPast9 = low &+ ByteSearch.ones &* UInt64(0x80 - UInt8(ascii: "9") - 1)
        return isPast0 & ~isPast9 & ~word & ByteSearch.tops
    }

    /// Whether the cell is this word of lower-case letters in any case.
    static func equals(_ cell: Cell, ignoringCase word: StaticString) -> Bool {
        guard cell.count == word.utf8CodeUnitCount else { return false }
        for index in 0..<cell.count {
            // No other byte becomes a letter with this bit.
            guard cell[index] | 0x20 == word.utf8Start[index] else { return false }
        }
        return true
    }

    /// Characters as the contract counts them: Unicode scalars.
    static func scalarCount(_ cell: Cell) -> Int {
        cell.count { $0 & 0xC0 != 0x80 }
    }

    static func string(_ cell: Cell) -> String { String(decoding: cell, as: UTF8.self) }

    /// At most 80 characters of the cell, to be shown with a problem.
    static func shortened(_ cell: Cell) -> String {
        let longest = 80
        // Four bytes hold any scalar, so that a megabyte is not decoded for its first 80.
        let text = String(decoding: cell.prefix(4 * (longest + 1)), as: UTF8.self)
        guard text.unicodeScalars.count > longest else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest - 1))) + "…"
    }
}

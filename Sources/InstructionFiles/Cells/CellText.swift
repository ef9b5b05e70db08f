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
        for byte in cell where !isDigit(byte) { return false }
        return !cell.isEmpty
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

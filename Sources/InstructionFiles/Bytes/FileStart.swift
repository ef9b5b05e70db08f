/// How an instruction file is written.
package enum FileFormat: Hashable, Sendable {
    case csv, ndjson
}

/// What the first bytes of the plain text tell: the format, or why this is no text at all.
enum FileStart: Equatable {
    case format(FileFormat)
    case refused(RecordFault.Kind)

    /// Bytes that are enough to know every kind but leading blanks.
    private static let enough = 64
    /// Blank bytes before the first other one, past which the file is taken for CSV.
    private static let mostBlanks = 1 << 16

    /// nil when more bytes are needed to tell; never nil for a whole file.
    static func of(_ bytes: [UInt8], isWhole: Bool) -> FileStart? {
        guard isWhole || bytes.count >= enough else { return nil }
        if let kind = foreign(bytes.prefix(enough)) { return .refused(kind) }
        var rest = bytes.prefix(mostBlanks)
        if rest.starts(with: PlainBytes.byteOrderMark) { rest = rest.dropFirst(3) }
        guard let first = rest.first(where: { !isBlank($0) }) else {
            return isWhole || bytes.count >= mostBlanks ? .format(.csv) : nil
        }
        let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        return .format(isJSON ? .ndjson : .csv)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func foreign(_ bytes: ArraySlice<UInt8>) -> RecordFault.Kind? {
        if bytes.starts(with: [0x1F, 0x8B]) { return .gzipTwice }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .utf16 }
        // Without a mark, every other byte of UTF-16 text in Latin letters is 0.
        if bytes.count >= 4, bytes[0] == 0, bytes[1] != 0, bytes[2] == 0, bytes[3] != 0 { return .utf16 }
        if bytes.count >= 4, bytes[0] != 0, bytes[1] == 0, bytes[2] != 0, bytes[3] == 0 { return .utf16 }
        // OLE 2, as .xls files are.
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return .spreadsheet }
        guard bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) else { return nil }
        // The name of a zip archive's first entry stands at byte 30 (APPNOTE, section 4.3.7).
        let name = bytes.dropFirst(30)
        let office = ["[Content_Types].xml", "_rels/", "docProps/", "xl/", "mimetype"]
        return office.contains { name.starts(with: $0.utf8) } ? .spreadsheet : .zip
    }
}

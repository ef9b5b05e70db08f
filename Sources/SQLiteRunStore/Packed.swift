import Instructions

/// Fields without names, one after another, for the columns that SQL never looks into: a text is `5:hello`
/// (its length in UTF-8 bytes), a number `-42;`, a missing one `!`. Exact both ways, without
/// Foundation's JSON encoder on the hot path.
struct PackedFields {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ text: String?) {
        guard let text else { return bytes.append(UInt8(ascii: "!")) }
        bytes.append(contentsOf: String(text.utf8.count).utf8)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func add(_ number: Int64?) {
        guard let number else { return bytes.append(UInt8(ascii: "!")) }
        bytes.append(contentsOf: String(number).utf8)
        bytes.append(UInt8(ascii: ";"))
    }

    mutating func add(_ lines: [LineAmount]) {
        add(Int64(lines.count))
        for line in lines {
            add(line.id)
            add(line.minorUnits)
        }
    }
}

/// Fields that are not what `PackedFields` writes: the database is damaged.
struct PackedFault: Error {
    let offset: Int
}

/// Reads what `PackedFields` wrote, in the same order.
struct PackedReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func optionalText() throws(PackedFault) -> String? {
        guard !missing() else { return nil }
        let count = try digits(until: UInt8(ascii: ":"))
        guard count >= 0, count <= Int64(bytes.count - offset) else { throw fault }
        let slice = bytes[offset..<offset + Int(count)]
        guard let text = String(validating: slice, as: UTF8.self) else { throw fault }
        offset += Int(count)
        return text
    }

    mutating func text() throws(PackedFault) -> String {
        guard let text = try optionalText() else { throw fault }
        return text
    }

    mutating func optionalNumber() throws(PackedFault) -> Int64? {
        guard !missing() else { return nil }
        return try digits(until: UInt8(ascii: ";"))
    }

    mutating func number() throws(PackedFault) -> Int64 {
        guard let number = try optionalNumber() else { throw fault }
        return number
    }

    /// A number of entries that the remaining bytes can hold: an entry has at least one byte.
    mutating func count() throws(PackedFault) -> Int {
        let count = try number()
        guard count >= 0, count <= Int64(bytes.count - offset) else { throw fault }
        return Int(count)
    }

    mutating func lines() throws(PackedFault) -> [LineAmount] {
        var lines: [LineAmount] = []
        for _ in 0..<(try count()) {
            let id = try text()
            lines.append(LineAmount(id: id, minorUnits: try number()))
        }
        return lines
    }

    func end() throws(PackedFault) {
        guard isAtEnd else { throw fault }
    }

    private var fault: PackedFault { PackedFault(offset: offset) }

    private mutating func missing() -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "!") else { return false }
        offset += 1
        return true
    }

    private mutating func digits(until terminator: UInt8) throws(PackedFault) -> Int64 {
        guard let end = bytes[offset...].firstIndex(of: terminator),
            let number = Int64(String(decoding: bytes[offset..<end], as: UTF8.self))
        else { throw fault }
        offset = end + 1
        return number
    }
}

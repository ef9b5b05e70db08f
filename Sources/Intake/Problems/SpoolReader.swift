import Instructions

/// Reads back what a `ProblemSpool` took.
struct SpoolReader {
    private let spooled: SpooledProblems
    private var chunk: [UInt8] = []
    private var position = 0
    private var fileBytesRead = 0
    private var restIsRead = false

    /// The next problem, until `advance` is called; nil at the end.
    private(set) var current: Problem?

    init(_ spooled: SpooledProblems) throws {
        self.spooled = spooled
        try advance()
    }

    mutating func advance() throws {
        current = try hasByte() ? problem() : nil
    }

    private mutating func problem() throws -> Problem {
        let severity = try number() == 0 ? Problem.Severity.error : .warning
        let row = try number()
        let line = try number()
        let code = try text() ?? ""
        let column = try text()
        let value = try text()
        let message = try text() ?? ""
        return Problem(
            code: code, severity: severity, row: row == 0 ? nil : row - 1,
            line: line == 0 ? nil : line - 1, column: column, value: value, message: message,
            mend: try text() ?? "")
    }

    private mutating func number() throws -> Int {
        var number = 0
        var shift = 0
        while true {
            let byte = try byte()
            number |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return number }
            shift += 7
        }
    }

    private mutating func text() throws -> String? {
        switch try number() {
        case 0: return nil
        case 1:
            var bytes: [UInt8] = []
            for _ in 0..<(try number()) { bytes.append(try byte()) }
            return String(decoding: bytes, as: UTF8.self)
        case let place: return spooled.texts[place - 2]
        }
    }

    private mutating func byte() throws -> UInt8 {
        guard try hasByte() else { preconditionFailure("a spooled problem is whole") }
        defer { position += 1 }
        return chunk[position]
    }

    private mutating func hasByte() throws -> Bool {
        if position < chunk.count { return true }
        position = 0
        chunk.removeAll(keepingCapacity: true)
        let left = spooled.fileBytes - fileBytesRead
        if left > 0, let file = spooled.file {
            let count = min(left, 1 << 16)
            chunk = [UInt8](repeating: 0, count: count)
            try chunk.withUnsafeMutableBytes { try file.read(into: $0, at: fileBytesRead) }
            fileBytesRead += count
        } else if !restIsRead {
            chunk = spooled.rest
            restIsRead = true
        }
        return !chunk.isEmpty
    }
}

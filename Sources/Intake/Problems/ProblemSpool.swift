import Instructions

/// Takes problems in the order of their rows and keeps them, in memory up to a bound and past it in a
/// temporary file.
///
/// Columns, sentences and mends come again and again: the first few thousand different ones are written once
/// and stay in memory, so that a problem needs some 30 bytes.
struct ProblemSpool {
    /// Bytes that wait in memory before they are written.
    static let bufferBytes = 1 << 18
    /// Different texts that are written once.
    private static let textLimit = 4_096

    private let directory: String
    private var file: NamelessFile?
    private var fileBytes = 0
    private var buffer: [UInt8] = []
    private var texts: [String] = []
    private var places: [String: Int] = [:]

    init(directory: String) { self.directory = directory }

    mutating func append(_ problem: Problem) throws {
        append(number: problem.severity == .warning ? 1 : 0)
        append(number: problem.row.map { $0 + 1 } ?? 0)
        append(number: problem.line.map { $0 + 1 } ?? 0)
        append(text: problem.code)
        append(text: problem.column)
        append(value: problem.value)
        append(text: problem.message)
        append(text: problem.mend)
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// What was taken; the spool takes no more afterwards.
    consuming func finish() -> SpooledProblems {
        SpooledProblems(file: file, fileBytes: fileBytes, rest: buffer, texts: texts)
    }

    private mutating func flush() throws {
        let file = try file ?? NamelessFile(in: directory)
        self.file = file
        try buffer.withUnsafeBytes { try file.write($0, at: fileBytes) }
        fileBytes += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    private mutating func append(number: Int) {
        var rest = UInt(number)
        while rest > 0x7F {
            buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.append(UInt8(rest))
    }

    /// 0 for none, 1 before the text itself, from 2 the number of a known text.
    private mutating func append(text: String?) {
        guard let text else { return append(number: 0) }
        if let place = places[text] { return append(number: place + 2) }
        guard texts.count < Self.textLimit else { return append(value: text) }
        places[text] = texts.count
        append(number: texts.count + 2)
        texts.append(text)
    }

    private mutating func append(value: String?) {
        guard let value else { return append(number: 0) }
        append(number: 1)
        append(number: value.utf8.count)
        buffer.append(contentsOf: value.utf8)
    }
}

/// What a spool took, to be read any number of times.
struct SpooledProblems: Sendable {
    let file: NamelessFile?
    let fileBytes: Int
    let rest: [UInt8]
    let texts: [String]
}

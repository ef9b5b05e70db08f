import Glibc

/// Reads a file line by line in pieces, so that memory does not grow with the file.
enum LineReader {
    /// Room for a ledger line with a cancellation reason that fills the largest body.
    static let maximumLineBytes = 2 * SandboxRequest.maximumBodyBytes

    struct Reading {
        /// Bytes up to and with the last line feed.
        var wholeLineBytes: Int
        /// What follows the last line feed.
        var tail: [UInt8]
        /// Lines that ended with a line feed.
        var lines: Int
    }

    /// - Parameters:
    ///   - failure: the code of what is thrown when the file cannot be read or a line is too long.
    ///   - body: gets each line without its line feed, and its number from 1.
    static func read(
        _ file: borrowing OwnedDescriptor, path: String, failure: SandboxError.Code,
        _ body: (_ line: [UInt8], _ number: Int) throws -> Void
    ) throws -> Reading {
        var reading = Reading(wholeLineBytes: 0, tail: [], lines: 0)
        var piece = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = Glibc.read(file.raw, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw SandboxError.cannotUse(failure, "read", path, reason: systemReason())
            }
            guard count > 0 else { return reading }
            var rest = piece[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = reading.tail + rest[..<end]
                reading.tail.removeAll(keepingCapacity: true)
                reading.lines += 1
                reading.wholeLineBytes += line.count + 1
                try body(line, reading.lines)
                rest = rest[(end + 1)...]
            }
            reading.tail += rest
            guard reading.tail.count <= maximumLineBytes else {
                throw SandboxError.cannotUse(
                    failure, "read", path,
                    reason: "line \(reading.lines + 1) is longer than \(maximumLineBytes) bytes")
            }
        }
    }
}

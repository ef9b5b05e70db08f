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
            var start = 0
            while let end = lineFeed(in: piece, from: start, to: count) {
                let line = reading.tail + piece[start..<end]
                reading.tail.removeAll(keepingCapacity: true)
                reading.lines += 1
                reading.wholeLineBytes += line.count + 1
                try body(line, reading.lines)
                start = end + 1
            }
            reading.tail += piece[start..<count]
            guard reading.tail.count <= maximumLineBytes else {
                throw SandboxError.cannotUse(
                    failure, "read", path,
                    reason: "line \(reading.lines + 1) is longer than \(maximumLineBytes) bytes")
            }
        }
    }

    /// memchr, because a loop over bytes takes minutes for a large file in an unoptimised build.
    private static func lineFeed(in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard start < end, let base = buffer.baseAddress,
                let found = memchr(base + start, 0x0A, end - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}

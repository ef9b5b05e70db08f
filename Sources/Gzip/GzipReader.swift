import CZlib

/// Decompresses a gzip stream of one or more members (RFC 1952) and believes it only when it is verified
/// to its end: each member's CRC and length must fit, nothing may be missing and nothing may follow.
///
/// What comes out before `finish()` has returned is not yet verified; nothing may be acted on until then.
/// Memory is one piece of 64 KiB and zlib's window; a stream that would grow past the limit is refused at
/// the piece that passes it.
///
/// A class because zlib keeps pointers into its own state, which must not be copied or moved.
package final class GzipReader {
    private enum State {
        /// Nothing was read yet.
        case start
        /// Inside a member; its trailer has not been seen.
        case inMember
        /// A member was verified; the stream may end here or go on with another.
        case afterMember
        /// Refused; every further call throws the same.
        case refused(GzipError)
    }

    private static let pieceSize = 64 * 1024

    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    private let limit: Int64
    private var state = State.start
    private var membersRead = 0
    private var bytesIn: Int64 = 0
    private var bytesOut: Int64 = 0

    /// - Parameter limit: how many decompressed bytes are allowed in all, over all members.
    package init(limit: Int) {
        self.limit = Int64(limit)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        scratch = .allocate(capacity: Self.pieceSize)
        // Fails only without memory or with another zlib than the headers'.
        let code = czlib_inflate_init_gzip(stream)
        precondition(code == Z_OK, "zlib could not start decompressing (code \(code))")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        scratch.deallocate()
    }

    /// Takes the next compressed bytes, cut anywhere, and hands on what they decompress to in pieces of at
    /// most 64 KiB.
    ///
    /// - Throws: `GzipError`, or what `sink` throws; after that the reader is of no more use.
    package func append(_ bytes: [UInt8], into sink: ([UInt8]) throws -> Void) throws {
        if case .refused(let error) = state { throw error }
        let piecesOfInput = stride(from: 0, to: bytes.count, by: Int(Int32.max))
        for start in piecesOfInput {
            let end = min(start + Int(Int32.max), bytes.count)
            try bytes[start..<end].withUnsafeBufferPointer { input in
                try decompress(input, into: sink)
            }
        }
    }

    /// Says that the stream is at its end, and throws unless a member ended exactly there.
    package func finish() throws(GzipError) {
        switch state {
        case .afterMember: return
        case .start: throw refuse(.truncated)
        case .inMember: throw refuse(isForeign && membersRead > 0 ? .trailingBytes : .truncated)
        case .refused(let error): throw error
        }
    }

    private func decompress(
        _ input: UnsafeBufferPointer<UInt8>, into sink: ([UInt8]) throws -> Void
    ) throws {
        // zlib only reads here; its type lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        defer { stream.pointee.next_in = nil }
        var filledScratch = false
        while stream.pointee.avail_in > 0 || filledScratch {
            state = .inMember
            stream.pointee.next_out = scratch.baseAddress
            stream.pointee.avail_out = UInt32(scratch.count)
            let availableBefore = stream.pointee.avail_in
            let code = inflate(stream, Z_NO_FLUSH)
            bytesIn += Int64(availableBefore - stream.pointee.avail_in)
            let produced = scratch.count - Int(stream.pointee.avail_out)
            filledScratch = stream.pointee.avail_out == 0
            bytesOut += Int64(produced)
            guard bytesOut <= limit else { throw refuse(.tooLarge) }
            switch code {
            case Z_OK: break
            case Z_BUF_ERROR: filledScratch = false  // Nothing was left to give; more input is needed.
            case Z_STREAM_END:
                state = .afterMember
                membersRead += 1
                filledScratch = false
                inflateReset(stream)
            default: throw refuse(isForeign ? (membersRead == 0 ? .notGzip : .trailingBytes) : .damaged)
            }
            if produced > 0 { try sink(Array(scratch[..<produced])) }
        }
    }

    /// Whether no more of the present member was read than its two magic bytes, so that a fault there means
    /// bytes that never were gzip.
    private var isForeign: Bool {
        stream.pointee.total_in <= 2
    }

    private func refuse(_ code: GzipError.Code) -> GzipError {
        let error = GzipError(code, offset: bytesIn, limit: limit)
        state = .refused(error)
        return error
    }
}

/// Whole gzip documents in memory, for what is known to be small.
package enum Gzip {
    /// Decompresses and verifies a whole gzip file.
    ///
    /// - Parameter limit: how many decompressed bytes are allowed.
    package static func decompress(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
        let reader = GzipReader(limit: limit)
        var output: [UInt8] = []
        try reader.append(bytes) { output.append(contentsOf: $0) }
        try reader.finish()
        return output
    }
}

import CZlib

/// Decompresses a gzip stream of one or more members (RFC 1952) and believes it only when it is verified
/// to its end: each member's CRC and length must fit, nothing may be missing and nothing may follow.
///
/// What comes out before `finish()` has returned is not yet verified; nothing may be acted on until then.
/// Memory is the input last given, one piece of 64 KiB and zlib's window, whatever comes out; a stream that
/// passes a limit is refused at the piece that passes it.
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

    /// What one call of zlib gave.
    private enum Turn {
        case piece([UInt8])
        case nothing
    }

    private static let pieceSize = 64 * 1024

    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    private let limits: GzipLimits
    private var input: [UInt8] = []
    private var inputTaken = 0
    private var filledScratch = false
    private var state = State.start
    private var membersRead = 0
    private var bytesIn: Int64 = 0
    private var bytesOut: Int64 = 0

    package init(limits: GzipLimits = GzipLimits()) {
        self.limits = limits
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

    /// Gives the next compressed bytes, cut anywhere, once `next` has returned nil. At most 2 GiB.
    package func supply(_ bytes: some Collection<UInt8>) {
        precondition(inputTaken == input.count, "the bytes given before have not been taken")
        input.removeAll(keepingCapacity: true)
        input.append(contentsOf: bytes)
        inputTaken = 0
    }

    /// The next decompressed piece, at most 64 KiB; nil when more bytes must be supplied.
    package func next() throws(GzipError) -> [UInt8]? {
        if case .refused(let error) = state { throw error }
        while inputTaken < input.count || filledScratch {
            if case .piece(let piece) = try turn() { return piece }
        }
        return nil
    }

    /// Takes the next compressed bytes and hands on all that they decompress to, in pieces of at most 64 KiB.
    ///
    /// - Throws: `GzipError`, or what `sink` throws; after that the reader is of no more use.
    package func append(_ bytes: [UInt8], into sink: ([UInt8]) throws -> Void) throws {
        if case .refused(let error) = state { throw error }
        supply(bytes)
        while let piece = try next() { try sink(piece) }
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

    private func turn() throws(GzipError) -> Turn {
        if case .afterMember = state, membersRead == limits.members { throw refuse(.tooManyMembers) }
        state = .inMember
        let available = input.count - inputTaken
        stream.pointee.next_out = scratch.baseAddress
        stream.pointee.avail_out = UInt32(scratch.count)
        let code = input.withUnsafeBufferPointer { bytes in
            // zlib only reads here; its type lacks the const.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress.map { $0 + inputTaken })
            stream.pointee.avail_in = UInt32(available)
            defer { stream.pointee.next_in = nil }
            return inflate(stream, Z_NO_FLUSH)
        }
        let taken = available - Int(stream.pointee.avail_in)
        inputTaken += taken
        bytesIn += Int64(taken)
        let produced = scratch.count - Int(stream.pointee.avail_out)
        filledScratch = stream.pointee.avail_out == 0
        bytesOut += Int64(produced)
        try checkLimits()
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
        return produced > 0 ? .piece(Array(scratch[..<produced])) : .nothing
    }

    private func checkLimits() throws(GzipError) {
        guard bytesOut <= limits.bytes else { throw refuse(.tooLarge) }
        guard bytesOut <= GzipLimits.ratioFloor || bytesOut / limits.ratio <= bytesIn else {
            throw refuse(.ratioTooHigh)
        }
    }

    /// Whether no more of the present member was read than its two magic bytes, so that a fault there means
    /// bytes that never were gzip.
    private var isForeign: Bool {
        stream.pointee.total_in <= 2
    }

    private func refuse(_ code: GzipError.Code) -> GzipError {
        let error = GzipError(code, offset: bytesIn, limits: limits)
        state = .refused(error)
        return error
    }
}

/// Whole gzip documents in memory, for what is known to be small.
package enum Gzip {
    /// Decompresses and verifies a whole gzip file.
    ///
    /// - Parameter limit: how many decompressed bytes are allowed; it alone bounds what comes out.
    package static func decompress(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
        let reader = GzipReader(limits: GzipLimits(bytes: Int64(limit), ratio: .max))
        var output: [UInt8] = []
        try reader.append(bytes) { output.append(contentsOf: $0) }
        try reader.finish()
        return output
    }
}

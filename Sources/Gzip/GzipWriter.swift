import CZlib

/// Compresses a stream to one gzip member (RFC 1952).
///
/// The same bytes give the same gzip, however they are cut into chunks: input is gathered into blocks of a
/// fixed size before zlib sees it, and the header holds no time and no name. (Across different releases of
/// zlib the bytes may differ.) Memory is one block in, one block out and zlib's window, whatever the length.
///
/// A class because zlib keeps pointers into its own state, which must not be copied or moved.
package final class GzipWriter {
    private static let blockSize = 64 * 1024

    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    private let block: UnsafeMutableBufferPointer<UInt8>
    /// Bytes of the block that are filled.
    private var blockCount = 0
    private var finished = false

    /// - Parameter level: 1 (fastest) to 9 (smallest). On report rows level 1 is twice as fast as 6 and
    ///   makes files about a seventh larger.
    package init(level: Int = 1) {
        precondition((1...9).contains(level), "gzip levels go from 1 to 9")
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        scratch = .allocate(capacity: Self.blockSize)
        block = .allocate(capacity: Self.blockSize)
        // Fails only without memory or with another zlib than the headers'.
        let code = czlib_deflate_init_gzip(stream, Int32(level))
        precondition(code == Z_OK, "zlib could not start compressing (code \(code))")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        scratch.deallocate()
        block.deallocate()
    }

    /// Takes more bytes and returns what is ready to be written, often nothing. Traps after `finish()`.
    package func append(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBufferPointer { append($0) } }

    /// The same without an array.
    package func append(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        precondition(!finished, "a finished gzip stream takes no more bytes")
        var output: [UInt8] = []
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = min(Self.blockSize - blockCount, rest.count)
            block.baseAddress.map { $0 + blockCount }?.update(from: start, count: count)
            blockCount += count
            rest = UnsafeBufferPointer(rebasing: rest[count...])
            if blockCount == Self.blockSize { compressBlock(Z_NO_FLUSH, into: &output) }
        }
        return output
    }

    /// Returns the last bytes: the rest of the data, its CRC and its length. To be called once.
    package func finish() -> [UInt8] {
        precondition(!finished, "a gzip stream is finished once")
        finished = true
        var output: [UInt8] = []
        compressBlock(Z_FINISH, into: &output)
        return output
    }

    private func compressBlock(_ flush: Int32, into output: inout [UInt8]) {
        stream.pointee.next_in = block.baseAddress
        stream.pointee.avail_in = UInt32(blockCount)
        repeat {
            stream.pointee.next_out = scratch.baseAddress
            stream.pointee.avail_out = UInt32(scratch.count)
            let code = deflate(stream, flush)
            // Z_BUF_ERROR: all input was taken and the output ended exactly with the scratch.
            precondition(
                code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR,
                "zlib could not compress (code \(code))")
            let produced = scratch.count - Int(stream.pointee.avail_out)
            output.append(contentsOf: scratch[..<produced])
        } while stream.pointee.avail_out == 0
        stream.pointee.next_in = nil
        blockCount = 0
    }
}

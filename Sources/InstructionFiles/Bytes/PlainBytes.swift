import Gzip
import Instructions

/// The text of an instruction file piece by piece: unpacked when it is gzip (known by its first byte, never by
/// a name), and as UTF-8.
///
/// gzip is unpacked anew in each pass, so that no plain copy lies about and the snapshot stays the very file
/// that was handed in. It is verified when the empty piece at the end has come, not before.
final class PlainBytes {
    /// No text starts with it; gzip does (RFC 1952, section 2.3.1).
    private static let gzipMagic: UInt8 = 0x1F
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let chunks: FileChunks
    private let gzipLimits: GzipLimits
    private var encoding: ReadOptions.Encoding
    private var gzip: GzipReader?
    /// Pieces that wait until it is known whether a byte order mark overrules the encoding.
    private var start: [UInt8]? = []
    private var hasBegun = false

    init(
        path: String, encoding: ReadOptions.Encoding, gzipLimits: GzipLimits = GzipLimits(),
        chunkBytes: Int = 1 << 17
    ) throws(FileReadError) {
        chunks = try FileChunks(path: path, chunkBytes: chunkBytes)
        self.encoding = encoding
        self.gzipLimits = gzipLimits
    }

    /// The next piece, empty at the end. Throws `FileReadError` and `GzipError`.
    func next() throws -> ArraySlice<UInt8> {
        guard encoding == .windows1252 else { return try unpacked() }
        while var text = start {
            let piece = try unpacked()
            text.append(contentsOf: piece)
            start = text
            let mark = Self.byteOrderMark
            if text.count < mark.count, !piece.isEmpty { continue }
            start = nil
            if text.starts(with: mark) {
                encoding = .utf8
                return text[...]
            }
            if !text.isEmpty { return Self.decoded(text[...]) }
        }
        return Self.decoded(try unpacked())
    }

    private static func decoded(_ piece: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text: [UInt8] = []
        text.reserveCapacity(piece.count + piece.count / 8)
        Windows1252.append(piece, to: &text)
        return text[...]
    }

    private func unpacked() throws -> ArraySlice<UInt8> {
        while true {
            if let gzip, let piece = try gzip.next() { return piece[...] }
            let chunk = try chunks.next()
            if !hasBegun, chunk.first == Self.gzipMagic { gzip = GzipReader(limits: gzipLimits) }
            hasBegun = true
            guard let gzip else { return chunk }
            guard !chunk.isEmpty else {
                try gzip.finish()
                return chunk
            }
            gzip.supply(chunk)
        }
    }
}

import Gzip
import Spool

/// One file of a report, compressed as it is written, into a draft that the caller commits.
struct PackedFile {
    private let file: PublishedFile
    private let gzip = GzipWriter()

    init(_ file: PublishedFile) { self.file = file }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(SpoolError) {
        let compressed = gzip.append(bytes)
        if !compressed.isEmpty { try file.append(compressed) }
    }

    func append(_ bytes: [UInt8]) throws(SpoolError) {
        try bytes.withUnsafeBufferPointer { bytes throws(SpoolError) in try append(bytes) }
    }

    func finish() throws(SpoolError) { try file.append(gzip.finish()) }
}

import Glibc

/// Reads a file front to back in chunks, and closes it at the end.
final class FileChunks {
    private let path: String
    private let descriptor: Int32
    private var chunk: [UInt8]

    init(path: String, chunkBytes: Int = 1 << 17) throws(FileReadError) {
        self.path = path
        chunk = [UInt8](repeating: 0, count: chunkBytes)
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileReadError(path: path, errno: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The next chunk, empty at the end. To be let go before the next call, which fills the same memory.
    func next() throws(FileReadError) -> ArraySlice<UInt8> {
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count >= 0 { return chunk[..<count] }
            guard errno == EINTR else { throw FileReadError(path: path, errno: errno) }
        }
    }
}

/// Why bytes were refused as gzip.
package struct GzipError: Error, Equatable, Sendable {
    package enum Code: Equatable, Sendable {
        /// The stream does not start as gzip does.
        case notGzip
        /// The data, its CRC or its length contradict each other.
        case damaged
        /// The stream ends before the last member does.
        case truncated
        /// Something that is not gzip follows the last member.
        case trailingBytes
        /// More than the allowed number of bytes would come out.
        case tooLarge
    }

    package let code: Code
    /// How many compressed bytes had been read when it was found.
    package let offset: Int64
    package let message: String

    init(_ code: Code, offset: Int64, limit: Int64) {
        self.code = code
        self.offset = offset
        message =
            switch code {
            case .notGzip: "The file is not gzip; hand it in as it is, or compress it with gzip."
            case .damaged: "The gzip file is damaged near byte \(offset); send it again."
            case .truncated: "The gzip file ends too early, after \(offset) bytes; send it again in full."
            case .trailingBytes:
                "Something that is not gzip follows the data near byte \(offset); send it again."
            case .tooLarge: "The gzip file holds more than the allowed \(limit) bytes; split it."
            }
    }
}

extension GzipError: CustomStringConvertible {
    package var description: String { message }
}

/// Why bytes were refused as gzip.
package struct GzipError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable, CaseIterable {
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
        /// More bytes come out of one compressed byte than are allowed.
        case ratioTooHigh
        /// More members than are allowed.
        case tooManyMembers
    }

    package let code: Code
    /// How many compressed bytes had been read when it was found.
    package let offset: Int64
    package let message: String

    init(_ code: Code, offset: Int64, limits: GzipLimits) {
        self.code = code
        self.offset = offset
        message =
            switch code {
            case .notGzip: "The file is not gzip."
            case .damaged: "The gzip file is damaged near byte \(offset)."
            case .truncated: "The gzip file ends too early, after \(offset) bytes."
            case .trailingBytes: "Something that is not gzip follows the data near byte \(offset)."
            case .tooLarge:
                "The gzip file holds more than the allowed \(limits.bytes) bytes (seen at byte \(offset))."
            case .ratioTooHigh:
                "The gzip file unpacks to more than \(limits.ratio) times its size by byte \(offset)."
            case .tooManyMembers:
                "The gzip file has more than \(limits.members) members by byte \(offset)."
            }
    }
}

extension GzipError: CustomStringConvertible {
    package var description: String { message }
}

import HTTPTypes

/// A request as the gateways' rules see it.
struct SandboxRequest: Sendable {
    /// No gateway body comes near it; a larger one is answered 413.
    static let maximumBodyBytes = 1 << 20

    var method: HTTPRequest.Method
    /// Without the query, still percent-encoded.
    var path: String
    /// What follows the question mark, still percent-encoded.
    var query = ""
    var headers: HTTPFields
    var body: [UInt8] = []
    /// The host and port that the client called.
    var authority: String?
    /// When the desk judges it, in milliseconds since 1970; its effect has the same time.
    var servedAt: Int64 = 0

    /// The path between its slashes, percent-decoded after the split so that an encoded slash stays inside
    /// its segment; nil when a segment is not percent-encoded UTF-8.
    var segments: [String]? {
        var segments: [String] = []
        for segment in path.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            guard let decoded = Self.percentDecoded(segment) else { return nil }
            segments.append(decoded)
        }
        return segments
    }

    /// The query's parameters in their order, decoded as forms are (`+` is a space); what is not
    /// percent-encoded UTF-8 stays as it was written.
    var queryItems: [(name: String, value: String)] {
        query.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let words = parts.map { part in
                let spaced = part.split(separator: "+", omittingEmptySubsequences: false).joined(
                    separator: " ")
                return Self.percentDecoded(spaced[...].utf8) ?? String(part)
            }
            return (words[0], words.count > 1 ? words[1] : "")
        }
    }

    static func percentDecoded(_ encoded: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = encoded.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

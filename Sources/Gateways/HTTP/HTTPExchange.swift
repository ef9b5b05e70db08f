import NIOHTTP1

/// One request as it is put on the wire.
struct HTTPCall: Sendable {
    let method: String
    /// Absolute and percent-encoded.
    let url: String
    /// `Host` and `Content-Length` are added by the client.
    let headers: HTTPHeaders
    /// Empty for none.
    let body: [UInt8]
}

extension HTTPHeaders {
    /// What every call says beside its own headers.
    static let ofAllCalls: HTTPHeaders = ["Accept": "application/json", "User-Agent": "intentbatch"]

    static func + (headers: HTTPHeaders, others: HTTPHeaders) -> HTTPHeaders {
        var headers = headers
        headers.add(contentsOf: others)
        return headers
    }
}

/// A response that was read to its end.
struct HTTPReply: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]
}

/// What became of one HTTP exchange.
enum HTTPExchange: Sendable {
    /// A whole response within the deadline.
    case answered(HTTPReply)
    /// Proven that no byte of the request left; `why` is for people.
    case notSent(why: String)
    /// The request may have arrived. `status` is that of a response whose body was lost; it proves nothing.
    case lost(why: String, status: Int?)
}

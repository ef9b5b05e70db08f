/// The address below which a gateway is called.
enum BaseURL {
    enum Fault: Error, Equatable {
        /// Not `https://HOST…` or `http://HOST…`.
        case notAURL
        /// Plain http to another machine.
        case plainHTTP
        /// A user, a query, a fragment, or a character that no URL has.
        case superfluous
        /// The port is no number from 1 to 65535.
        case port
    }

    /// Without trailing slashes, scheme and host in lower case.
    static func parse(_ text: String) -> Result<String, Fault> {
        guard let colon = text.firstRange(of: "://") else { return .failure(.notAURL) }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return .failure(.notAURL) }
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !rest.contains(where: "?#@\\\"<>".contains)
        else { return .failure(.superfluous) }
        let (host, port) = split(authority)
        guard !host.isEmpty else { return .failure(.notAURL) }
        if let port {
            guard port.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int(port),
                (1...65535).contains(number)
            else { return .failure(.port) }
        }
        let isLoopback = ["localhost", "127.0.0.1", "[::1]"].contains(host.lowercased())
        guard scheme == "https" || isLoopback else { return .failure(.plainHTTP) }
        var trimmedPath = path
        while trimmedPath.hasSuffix("/") { trimmedPath.removeLast() }
        return .success("\(scheme)://\(authority.lowercased())\(trimmedPath)")
    }

    /// `[::1]:8080` has its colons inside brackets.
    private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return ("", nil) }
            let after = authority[authority.index(after: end)...]
            if after.isEmpty { return (authority[...end], nil) }
            return after.hasPrefix(":") ? (authority[...end], after.dropFirst()) : ("", nil)
        }
        guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }
}

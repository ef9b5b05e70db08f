/// A base URL that credentials may be sent to.
package struct GatewayURL: Hashable, Sendable {
    /// Scheme and host in lower case, the port unless it is the scheme's own, the path without a trailing
    /// slash: `https://openapi.useepay.com`. It is the origin of an `AccountIdentity`.
    package let text: String
    /// As it stands in `text`, an IPv6 address in its brackets.
    package let host: String
    /// Whether it is on this machine by its name alone; no name is looked up.
    package let isLoopback: Bool

    /// Checks and normalises a base URL as a person wrote it.
    ///
    /// - Throws: `base_url_invalid`; `base_url_needs_https` for plain http to another machine.
    package static func validated(_ text: String) throws(GatewaySetupError) -> GatewayURL {
        // Said first, and without the text, since what stands before an @ may be a secret.
        if text.contains("@") {
            throw .baseURL("…", "holds a user name or password, which belong under credentials:")
        }
        guard let colon = text.firstRange(of: "://") else { throw .baseURL(text, "has no scheme") }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { throw .baseURL(text, "is not https") }
        let rest = text[colon.upperBound...]
        if rest.contains("?") || rest.contains("#") { throw .baseURL(text, "holds a query or a fragment") }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (host, port) = try hostAndPort(rest[..<slash], of: text)
        let path = try path(rest[slash...], of: text)
        let isLoopback = host == "localhost" || host == "[::1]" || isLoopbackAddress(host)
        guard scheme == "https" || isLoopback else { throw .plainHTTP(host) }
        let isDefaultPort = port == nil || port == (scheme == "https" ? 443 : 80)
        let portText = isDefaultPort ? "" : ":\(port ?? 0)"
        return GatewayURL(text: "\(scheme)://\(host)\(portText)\(path)", host: host, isLoopback: isLoopback)
    }

    private static func hostAndPort(
        _ authority: Substring, of text: String
    ) throws(GatewaySetupError) -> (host: String, port: Int?) {
        var host = authority
        var portText: Substring?
        let afterAddress = authority.first == "[" ? authority.firstIndex(of: "]") : authority.startIndex
        guard let afterAddress else { throw .baseURL(text, "has an unclosed [") }
        if let colon = authority[afterAddress...].firstIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        let name = host.lowercased()
        guard name.first == "[" ? isBracketedAddress(name) : isHostName(name) else {
            throw .baseURL(text, "has no usable host name")
        }
        guard let portText else { return (name, nil) }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
            (1...65_535).contains(port)
        else { throw .baseURL(text, "has no usable port") }
        return (name, port)
    }

    private static func path(_ path: Substring, of text: String) throws(GatewaySetupError) -> String {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let trimmed = segments.last == "" ? segments.dropLast() : segments
        for segment in trimmed {
            let isPlain = segment.utf8.allSatisfy { isLetterOrDigit($0) || "-._~".utf8.contains($0) }
            guard isPlain, !segment.isEmpty, segment != ".", segment != ".." else {
                throw .baseURL(text, "has a path with characters or steps that are not taken")
            }
        }
        return trimmed.map { "/" + $0 }.joined()
    }

    private static func isHostName(_ name: String) -> Bool {
        !name.isEmpty
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isBracketedAddress(_ name: String) -> Bool {
        name.count > 4 && name.last == "]"
            && name.dropFirst().dropLast().utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) }
    }

    /// 127.0.0.0/8 written as four decimal numbers; other spellings that some resolvers take (`127.1`,
    /// `0x7f.0.0.1`) are names of other machines here.
    private static func isLoopbackAddress(_ host: String) -> Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { octet in
                guard let number = UInt8(octet) else { return false }
                return String(number) == octet
            }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

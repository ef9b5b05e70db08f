/// Tokens that need no table: each says when it was given out, and carries a checksum over that, the client
/// and how often all tokens were revoked. So they outlive a restart, as they do at the gateway.
struct MangopayTokens: Sendable {
    let lifeSeconds: Int
    /// Rises with each revocation; earlier tokens then fail their checksum.
    private(set) var generation: UInt64 = 0

    /// 32 hexadecimal digits, as in the page's sample.
    func issue(to client: String, at unixMilliseconds: Int64) -> String {
        let time = UInt64(bitPattern: unixMilliseconds)
        return MangopayID.hexadecimal(time) + MangopayID.hexadecimal(checksum(time, client))
    }

    func accepts(_ token: String, of client: String, at unixMilliseconds: Int64) -> Bool {
        guard token.utf8.count == 32, let time = UInt64(token.prefix(16), radix: 16),
            let issuedAt = Int64(exactly: time), token == issue(to: client, at: issuedAt)
        else { return false }
        return unixMilliseconds < issuedAt + Int64(lifeSeconds) * 1000
    }

    mutating func revokeAll() {
        generation += 1
    }

    private func checksum(_ time: UInt64, _ client: String) -> UInt64 {
        var stream = SplitMix64(seed: MangopayID.hash(client) ^ time)
        stream = SplitMix64(seed: stream.next() ^ generation)
        return stream.next()
    }
}

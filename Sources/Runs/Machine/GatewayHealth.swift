package import Pacing

/// Whether the account's gateway answers at all. During an outage one call at a time probes it; nothing that
/// happens to a row then counts against the row.
package struct GatewayHealth: Sendable {
    /// Failed calls in a row, over all rows, after which 5xx answers and time-outs are the gateway's and not a row's.
    static let failuresInARow = 10
    /// A gateway that has never answered in this execution is most likely a wrong URL or a closed network: a
    /// person or cron should hear of it soon, and nothing is lost by stopping.
    static let patienceBeforeFirstAnswer: Duration = .seconds(30)
    /// Until the first answer, or once: most failures are short, and a gateway may be starting.
    static let earlyProbes = Backoff(first: .seconds(1), longest: .seconds(30))
    /// From then on.
    static let probeInterval: Duration = .seconds(60)

    private let outageWait: Duration
    private var hasAnswered = false
    private var failures = 0
    private(set) var outageSince: Duration?
    private var probesFailed = 0
    private var nextProbe: Duration?
    private(set) var lastMessage: String?

    package init(outageWait: Duration) { self.outageWait = outageWait }

    package var isOut: Bool { outageSince != nil }

    /// Notes a usable answer; true when it ends an outage.
    package mutating func answered() -> Bool {
        hasAnswered = true
        failures = 0
        probesFailed = 0
        nextProbe = nil
        defer { outageSince = nil }
        return isOut
    }

    /// Notes a call without a usable answer; true when it begins an outage.
    package mutating func failed(
        reached: Bool, message: String?, now: Duration, generator: inout SplitMix64
    ) -> Bool {
        failures += 1
        lastMessage = message
        let begins = outageSince == nil && (!reached || failures >= Self.failuresInARow)
        if begins { outageSince = now }
        guard isOut else { return false }
        // Calls that were in flight when the outage began are no failed probes.
        if let nextProbe, nextProbe > now { return false }
        if hasAnswered, probesFailed > 0 {
            nextProbe = now + Self.probeInterval
        } else {
            // Half of it is fixed, so that a lucky draw does not turn probing into hammering.
            let bound = Self.earlyProbes.bound(retry: probesFailed)
            nextProbe = now + bound / 2 + Self.earlyProbes.delay(retry: probesFailed, using: &generator) / 2
        }
        probesFailed += 1
        return begins
    }

    /// When the outage is given up.
    package var givesUpAt: Duration? {
        outageSince.map { $0 + (hasAnswered ? outageWait : min(outageWait, Self.patienceBeforeFirstAnswer)) }
    }

    package func mustGiveUp(now: Duration) -> Bool { givesUpAt.map { $0 <= now } ?? false }

    /// Calls that may start beside those in flight.
    func allowance(concurrency: Int, inFlight: Int, now: Duration) -> Int {
        guard isOut else { return max(0, concurrency - inFlight) }
        guard inFlight == 0, let nextProbe, nextProbe <= now else { return 0 }
        return 1
    }

    /// When something is due during an outage: the next probe, and its end.
    var wakes: [Duration] { isOut ? [nextProbe, givesUpAt].compactMap { $0 } : [] }
}

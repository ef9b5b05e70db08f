import JSON
package import Pacing

/// Whether calls kept an account's limits, and how much of them was used: by a gateway's ledger, or by our own word.
package struct CallAudit: Sendable {
    /// When each call arrived or started, in milliseconds of one clock, earliest first.
    private let times: [Int64]
    /// Those that were refused by a limit of the gateway's script.
    private let refusals: [Int64]

    /// What the way of two calls to the gateway may differ by (contract, P5).
    package static let slack: Duration = .milliseconds(50)

    package init(_ ledger: GatewayLedger) {
        times = ledger.arrivals.map(\.at).sorted()
        refusals = ledger.arrivals.filter(\.isStruck).map(\.at).sorted()
    }

    /// When calls started: from what processes logged with `traced`, on the monotonic clock that they share.
    package init(logs: [String]) throws {
        var starts: [Int64] = []
        for line in logs.joined(separator: "\n").split(separator: "\n") where line.contains("call starts") {
            guard let text = try JSONValue(parsing: Array(line.utf8))["monotonic_ms"]?.string,
                let milliseconds = Int64(text)
            else { throw TrialError("no start of a call: \(line)") }
            starts.append(milliseconds)
        }
        times = starts.sorted()
        refusals = []
    }

    /// Options that have a process log the start of each call.
    package static let traced = ["--log-level", "trace", "--log-format", "json"]

    package var calls: Int { times.count }

    /// Spans of a limit's length, less the slack, in which there were more calls than it allows.
    ///
    /// - Parameter slack: for arrivals 50 ms, or more where the machine is too busy to send at once what was decided;
    ///   none for starts.
    package func violations(of limits: [CallLimit], slack: Duration = slack) -> Int {
        limits.reduce(0) { sum, limit in
            let shortest = (limit.length - slack).wholeMilliseconds
            let late = times.indices.dropFirst(limit.calls)
            return sum + late.count { times[$0] - times[$0 - limit.calls] < shortest }
        }
    }

    /// The longest time between two calls.
    package var longestSilence: Duration {
        .milliseconds(zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0)
    }

    /// The most calls that arrived in a pause of that length, less 50 ms, after a call was refused.
    package func mostWithin(_ pause: Duration) -> Int {
        let length = (pause - Self.slack).wholeMilliseconds
        return refusals.map { refusal in times.count { $0 > refusal && $0 < refusal + length } }.max() ?? 0
    }

    /// The least time that the calls need under the limits, but for those refused, by the time that they took: 1 is
    /// as fast as allowed.
    package func rateUsed(of limits: [CallLimit]) -> Double {
        guard let first = times.first, let last = times.last, last > first else { return 1 }
        var forecast = CallForecast(limits)
        return forecast.start(ofCall: calls - refusals.count) / .milliseconds(last - first)
    }
}

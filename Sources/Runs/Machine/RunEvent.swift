package import Instructions
package import Pacing

/// What happens in a run, for progress, logs and later metrics: one stream for all of them.
package enum RunEvent: Hashable, Sendable {
    /// An execution begins; so many rows were settled by earlier ones.
    case began(settled: [Outcome: Int])
    case settled(Settlement)
    /// The gateway is unreachable or failing across the account; it is probed until `givesUpAt`.
    case outageBegan(message: String, givesUpAt: WallTime)
    case outageEnded
    /// The gateway asked for a pause; no call starts before then. `asked`: for how long it asked, where that is cut.
    case paused(until: WallTime, asked: Duration?)
    /// When calls can start under the account's limits, from that moment on (monotonic clock); told anew each minute.
    case allowance(CallForecast, at: Duration)
    /// Another run works on this intent; the row waits.
    case waitsForRun(row: Int, run: String)
    /// While resolving: the row stays unconfirmed, for that reason.
    case staysUnconfirmed(row: Int, Rejection)
    /// Before the first call: so many rows lapse before their turn can come, these first.
    case willLapse(count: Int, rows: [Int])
    case stopping(Stop)
}

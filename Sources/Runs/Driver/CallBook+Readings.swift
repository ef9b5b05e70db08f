import Pacing

extension CallBook {
    /// Takes back what was not started, and takes over what the gateway counted.
    mutating func settle(
        unused: [Duration: Int], readings: (list: [RateReading], sentAt: Duration)?,
        under limits: [CallLimit],
        now: Moment
    ) {
        for (closes, calls) in unused { giveBack(calls, closes: closes) }
        guard let readings else { return }
        for (reading, limit) in Self.pairs(readings.list, limits, now: now.wall) {
            // The gateway's entries may have ended a little later than ours, by how long a call was on its way.
            lower(
                limit, to: reading.remaining, at: readings.sentAt - .seconds(1),
                resets: now.monotonic + reading.resetsAt.since(now.wall), now: now.monotonic)
        }
    }

    /// Which limit each reading is about. As many readings as limits: in their order, which is by length (a long
    /// window that is soon over resets before a short one). Else the shortest limit that is not over before the
    /// reading's reset; the gateway's clock and ours may differ by a tenth of it.
    static func pairs(
        _ readings: [RateReading], _ limits: [CallLimit], now: WallTime
    ) -> [(RateReading, CallLimit)] {
        let limits = limits.sorted { $0.length < $1.length }
        if readings.count == limits.count { return Array(zip(readings, limits)) }
        return readings.compactMap { reading in
            let rest = reading.resetsAt.since(now)
            return limits.first { $0.length + $0.length / 10 >= rest }.map { (reading, $0) }
        }
    }
}

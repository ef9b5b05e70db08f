package import Pacing
import Runs

/// How many money-changing calls a run began in each stretch of its time.
package struct CallTimeline: Hashable, Sendable {
    /// Stretches at most; a chart of more is not read.
    static let limit = 60

    /// When the first stretch begins.
    package let start: WallTime
    /// The length of every stretch.
    package let milliseconds: Int64
    /// One after the other without a gap.
    package let counts: [Int]

    package var end: WallTime { start.advanced(by: .milliseconds(milliseconds * Int64(counts.count))) }

    package init(start: WallTime, milliseconds: Int64, counts: [Int]) {
        self.start = start
        self.milliseconds = milliseconds
        self.counts = counts
    }

    /// Of a run that was started; nil for one that never was.
    static func of(_ run: RunRecord, in history: any RunHistory) async throws -> CallTimeline? {
        guard let started = run.startedAt else { return nil }
        let (start, width, count) = stretches(from: started, to: run.endedAt ?? started)
        let counts = try await history.attemptCounts(of: run, from: start, every: width, stretches: count)
        return CallTimeline(start: start, milliseconds: width, counts: counts)
    }

    /// The shortest round length that needs at most `limit` stretches.
    ///
    ///     0.3 s → 10 ms     8 s → 200 ms     1 min → 2 s     2 h → 5 min     3 d → 2 h
    static func stretches(from start: WallTime, to end: WallTime) -> (WallTime, Int64, Int) {
        let last = max(start.milliseconds, end.milliseconds)
        for width in lengths {
            let first = start.milliseconds / width
            let count = last / width - first + 1
            if count <= limit { return (WallTime(milliseconds: first * width), width, Int(count)) }
        }
        let width = (last - start.milliseconds) / Int64(limit - 1) + 1
        return (start, width, limit)
    }

    private static let lengths: [Int64] =
        [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000]
        + [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440].map { $0 * 60_000 }
}

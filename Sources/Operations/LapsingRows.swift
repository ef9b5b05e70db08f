import Instructions
import Pacing
import Runs

/// Rows whose authorization lapses before their turn comes, by the account's limits alone.
enum LapsingRows {
    /// Rows that are named one by one.
    static let namedAtMost = 20

    /// - Returns: the first rows and how many there are; rows that wait for another row are not counted.
    static func find(
        _ store: any RunStore, preflight: RunRules.Preflight, allowed: CallForecast, now: WallTime
    ) async throws -> (rows: [Int], count: Int) {
        var forecast = allowed
        let callsPerRow = preflight == .always ? 2 : 1
        var cursor: LoadCursor?
        var seen = 0
        var named: [Int] = []
        var count = 0
        while true {
            let page = try await store.loadWaiting(after: cursor, limit: 1_000)
            for row in page {
                // Those that lapse first go first; the rest never lapses.
                guard row.priority != .max else { return (named, count) }
                seen += 1
                let turn = now.advanced(by: forecast.start(ofCall: seen * callsPerRow))
                guard turn >= WallTime(seconds: row.priority) else { continue }
                count += 1
                if named.count < namedAtMost { named.append(row.instruction.row) }
            }
            guard let last = page.last, page.count == 1_000 else { return (named, count) }
            cursor = LoadCursor(priority: last.priority, row: last.instruction.row)
        }
    }
}

package import Instructions
package import Pacing

/// What earlier executions left behind that an execution judges by.
package struct RunPast: Hashable, Sendable {
    /// Rows of the run.
    package var rows: Int
    /// Repetitions that count against the retry budget.
    package var repeats: Int
    /// What rows that are applied or unconfirmed asked for, a sum for each currency.
    package var asked: [Money] = []
    /// The newest wall time in the store, over all its runs: a clock behind it makes every key old.
    package var newestWall: WallTime

    package init(rows: Int = 0, repeats: Int = 0, newestWall: WallTime = WallTime(milliseconds: 0)) {
        self.rows = rows
        self.repeats = repeats
        self.newestWall = newestWall
    }
}

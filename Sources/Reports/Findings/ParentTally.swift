/// Which earlier runs the rows of a resubmit file come from.
package struct ParentTally: Hashable, Sendable {
    /// Runs that are told apart; a file put together from more of them is counted under `others`.
    static let limit = 100

    package struct Parent: Hashable, Sendable {
        package let run: String
        package let rows: Int
    }

    private var byRun: [String: Int] = [:]
    /// Rows of further runs.
    package private(set) var others = 0

    package init() {}

    /// Sorted by the runs' names, and so by their time.
    package var parents: [Parent] {
        byRun.sorted { $0.key < $1.key }.map { Parent(run: $0.key, rows: $0.value) }
    }

    mutating func add(_ run: String) {
        if byRun[run] != nil || byRun.count < Self.limit {
            byRun[run, default: 0] += 1
        } else {
            others += 1
        }
    }
}

import Instructions

/// The problems of a file in the order of its rows: the first ones up to a limit, and the numbers of all.
struct ProblemList {
    private let limit: Int
    private var kept: [Problem] = []
    private(set) var errorCount = 0
    private(set) var warningCount = 0

    init(limit: Int) { self.limit = limit }

    mutating func append(_ problem: Problem) {
        switch problem.severity {
        case .error: errorCount += 1
        case .warning: warningCount += 1
        }
        kept.append(problem)
        if kept.count >= 2 * limit { trim() }
    }

    /// Counts errors that are not listed one by one.
    mutating func appendUnlisted(errors: Int) { errorCount += errors }

    /// By row and line, those of one row in the order they came.
    mutating func sorted() -> [Problem] {
        trim()
        return kept
    }

    private mutating func trim() {
        let ordered = kept.enumerated().sorted { left, right in
            let one = (left.element.row ?? 0, left.element.line ?? 0, left.offset)
            return one < (right.element.row ?? 0, right.element.line ?? 0, right.offset)
        }
        kept = ordered.prefix(limit).map(\.element)
    }
}

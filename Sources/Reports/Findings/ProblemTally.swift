package import Instructions

/// Problems of a file, counted by code.
package struct ProblemTally: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let code: String
        package let severity: Problem.Severity
        package var count: Int
        /// What the first one says.
        package let message: String
        package let mend: String
    }

    /// Errors before warnings, the most frequent first, then by code.
    package var entries: [Entry] {
        byCode.values.sorted { left, right in
            if left.severity != right.severity { return left.severity == .error }
            return (right.count, left.code) < (left.count, right.code)
        }
    }

    package var errorCount: Int { count(.error) }
    package var warningCount: Int { count(.warning) }

    /// Bounded by the number of codes.
    private var byCode: [String: Entry] = [:]

    package init() {}

    mutating func add(_ problem: Problem) {
        byCode[
            problem.code,
            default: Entry(
                code: problem.code, severity: problem.severity, count: 0, message: problem.message,
                mend: problem.mend)
        ].count += 1
    }

    private func count(_ severity: Problem.Severity) -> Int {
        byCode.values.lazy.filter { $0.severity == severity }.reduce(0) { $0 + $1.count }
    }
}

import InstructionFiles
package import Instructions

/// Pass 1: every problem of a file, before anything is sent. Offline, and in memory that does not grow with
/// the file.
package struct FileCheck: Sendable {
    /// Problems that are listed one by one; the rest is counted.
    package static let problemLimit = 10_000
    /// Rows whose hashes stay in memory, for each rule: 3 MB.
    package static let memoryRows = 100_000

    private let allowedActions: Set<Action>
    private let temporaryDirectory: String
    private let memoryRows: Int
    private let problemLimit: Int

    private let rules: [any FileRule]

    /// - Parameters:
    ///   - allowedActions: what the job allows; with exactly one, the column `action` is not needed.
    ///   - temporaryDirectory: where hashes are spilled, 96 bytes a row of a file beyond `memoryRows`.
    package init(
        allowedActions: Set<Action>, temporaryDirectory: String,
        memoryRows: Int = FileCheck.memoryRows, problemLimit: Int = FileCheck.problemLimit
    ) {
        self.init(
            allowedActions: allowedActions, temporaryDirectory: temporaryDirectory, memoryRows: memoryRows,
            problemLimit: problemLimit, rules: [DuplicateRule(), ReferenceRule(), ConflictRule()])
    }

    init(
        allowedActions: Set<Action>, temporaryDirectory: String, memoryRows: Int, problemLimit: Int,
        rules: [any FileRule]
    ) {
        self.rules = rules
        self.allowedActions = allowedActions
        self.temporaryDirectory = temporaryDirectory
        self.memoryRows = memoryRows
        self.problemLimit = problemLimit
    }

    /// Reads the file once, and a second time up to the last pair of rows that break a rule together.
    ///
    /// Throws `FileReadError`, `IntakeError`, and `CancellationError` when its task is cancelled.
    package func check(path: String) throws -> CheckResult {
        var reader = try InstructionReader(path: path, allowedActions: allowedActions)
        var problems = ProblemList(limit: problemLimit)
        var sums = ActionSums()
        var isOnlyWholeCancels = true
        var finders = rules.map {
            PairFinder(rule: $0, memoryRows: memoryRows, directory: temporaryDirectory)
        }
        var goodRows = 0
        var findings = 0
        while let finding = try reader.next() {
            findings += 1
            if findings % 4_096 == 0 { try Task.checkCancellation() }
            switch finding {
            case .problem(let problem):
                problems.append(problem)
            case .instruction(let row):
                goodRows += 1
                sums.add(row)
                if row.action != .cancel || row.requested.isInFigures { isOnlyWholeCancels = false }
                for index in finders.indices { try finders[index].visit(row) }
            }
        }
        for sum in sums.sorted() where sum.minorUnits == nil { problems.append(Self.sumTooLarge(sum)) }
        var lists: [PairList] = []
        for index in finders.indices { lists.append(try finders[index].pairs(limit: problemLimit)) }
        try confirm(lists, path: path, into: &problems)
        return CheckResult(
            rows: reader.summary.rows, columns: reader.summary.columns, problems: problems.sorted(),
            errorCount: problems.errorCount, warningCount: problems.warningCount, sums: sums.sorted(),
            allWholeCancels: isOnlyWholeCancels && goodRows > 0 && problems.errorCount == 0)
    }

    /// The store adds up what the rows ask for in 64 bits; a run whose sum is beyond that could never end.
    private static func sumTooLarge(_ sum: ActionSum) -> Problem {
        let kind = "\(sum.action.rawValue) \(sum.currency?.code ?? "")"
        return Problem(
            code: "sum_too_large", message: "The amounts of all \(kind) rows together are beyond 64 bits.",
            mend: "Look for an amount that is far too large, such as an id in the column amount.")
    }

    /// Judges the pairs by what their rows say. An earlier row is kept until the end: at most `problemLimit`
    /// a rule.
    private func confirm(_ lists: [PairList], path: String, into problems: inout ProblemList) throws {
        var suspects: [Int: [(rule: any FileRule, earlier: Int)]] = [:]
        var earlierRows: [Int: Instruction?] = [:]
        for (rule, list) in zip(rules, lists) {
            problems.appendUnlisted(errors: list.count - list.pairs.count)
            for pair in list.pairs {
                suspects[pair.later, default: []].append((rule, pair.earlier))
                earlierRows.updateValue(nil, forKey: pair.earlier)
            }
        }
        guard let last = suspects.keys.max() else { return }
        var reader = try InstructionReader(path: path, allowedActions: allowedActions)
        while let finding = try reader.next() {
            guard case .instruction(let row) = finding else { continue }
            if earlierRows[row.row] != nil { earlierRows[row.row] = row }
            for (rule, earlierRow) in suspects[row.row] ?? [] {
                guard let earlier = earlierRows[earlierRow] ?? nil, rule.isBroken(by: row, after: earlier)
                else { continue }
                let fault = rule.fault(of: row, after: earlier)
                problems.append(
                    Problem(
                        code: fault.code.rawValue, row: row.row, line: row.line,
                        column: reader.title(of: fault.column), value: fault.value, message: fault.message,
                        mend: fault.mend))
            }
            if row.row >= last { return }
        }
    }
}

extension RequestedAmount {
    fileprivate var isInFigures: Bool {
        if case .exactly = self { true } else { false }
    }
}

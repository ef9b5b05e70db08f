import InstructionFiles
import Instructions

/// Pass 1: every problem of a file, before anything is sent. Offline, and in memory that does not grow with
/// the file.
package struct FileCheck: Sendable {
    /// Problems that are listed one by one in the result; the log has all.
    package static let problemLimit = 10_000
    /// Rows whose hashes stay in memory: 0.8 MB where all of them are compared by the three rules.
    package static let memoryRows = 8_000

    let rules: CheckRules
    private let temporaryDirectory: String
    private let memoryRows: Int
    private let problemLimit: Int
    private let pairRules: [any PairRule]

    /// - Parameter temporaryDirectory: where hashes are spilled, of a file beyond `memoryRows` 16 bytes a row and
    ///   96 bytes a row whose intent or reference came again, and problems beyond the first few thousand, some 30
    ///   bytes each.
    package init(
        rules: CheckRules, temporaryDirectory: String, memoryRows: Int = FileCheck.memoryRows,
        problemLimit: Int = FileCheck.problemLimit
    ) {
        self.init(
            rules: rules, temporaryDirectory: temporaryDirectory, memoryRows: memoryRows,
            problemLimit: problemLimit, pairRules: [DuplicateRule(), ReferenceRule(), ConflictRule()])
    }

    init(
        rules: CheckRules, temporaryDirectory: String, memoryRows: Int, problemLimit: Int,
        pairRules: [any PairRule]
    ) {
        self.rules = rules
        self.temporaryDirectory = temporaryDirectory
        self.memoryRows = memoryRows
        self.problemLimit = problemLimit
        self.pairRules = pairRules
    }

    /// Reads the file once, once more where an intent or a reference came again, and once more where two rows break
    /// a rule together or a whole column is damaged.
    ///
    /// - Parameter original: where the file was handed in, if that is not `path`: its control totals lie there.
    /// - Throws: `FileReadError`, `IntakeError`, and `CancellationError` when its task is cancelled.
    package func check(path: String, original: String? = nil) throws -> CheckResult {
        try check(path: path, original: original, parents: nil)
    }

    /// - Parameter parents: what `ParentCheck` says of the ids of a file that was handed in again.
    func check(path: String, original: String?, parents: SpooledProblems?) throws -> CheckResult {
        var first = FirstReading(
            repeated: RepeatedKeys(memoryKeys: 2 * memoryRows, directory: temporaryDirectory),
            spool: ProblemSpool(directory: temporaryDirectory))
        var reader = try reader(path)
        try first.read(&reader)
        let sums = first.sums.sorted()
        let tally = FileTally(rows: reader.summary.rows, sums: sums)
        let sidecar = TotalsSidecar.read(beside: original ?? path)
        var faults = fileRules(sidecar).flatMap { $0.faults(in: tally) }
        faults += fault(of: sidecar, beside: original ?? path).map { [$0] } ?? []
        var pairs = try pairs(first, path: path)
        let ofFile = (first.ofFile + faults.map { Problem($0) }).enumerated().sorted { left, right in
            (left.element.line ?? 0, left.offset) < (right.element.line ?? 0, right.offset)
        }
        let log = ProblemLog(
            ofFile: ofFile.map(\.element),
            streams: (parents.map { [$0] } ?? [])
                + [first.spool.finish(), try secondReading(&pairs, reader.damage, path: path)],
            leading: parents == nil ? 0 : 1)
        return try result(log, reader.summary, sums, onlyWholeCancels: first.hasOnlyWholeCancels)
    }

    private func fileRules(_ sidecar: TotalsSidecar.Found) -> [any FileRule] {
        var fileRules: [any FileRule] = [SumSizeRule(), MaximumRule(maximum: rules.maximum)]
        if let expected = rules.expected { fileRules.append(TotalsRule(totals: expected)) }
        if case .totals(let totals) = sidecar { fileRules.append(TotalsRule(totals: totals)) }
        return fileRules
    }

    private func fault(of sidecar: TotalsSidecar.Found, beside file: String) -> RuleFault? {
        let path = TotalsSidecar.path(of: file)
        return switch sidecar {
        case .unreadable(let reason): .totalsUnreadable(file: path, reason: reason)
        case .missing where rules.needsTotals && rules.expected == nil: .totalsMissing(file: path)
        case .missing, .totals: nil
        }
    }

    private func result(
        _ log: ProblemLog, _ summary: InstructionReader.Summary, _ sums: [ActionSum], onlyWholeCancels: Bool
    ) throws -> CheckResult {
        var log = log
        var count = try ProblemCount(of: log, limit: problemLimit)
        let mayRunWithout = rules.onInvalid == .skip && !count.refusesFile && count.badRows < summary.rows
        if mayRunWithout,
            let fault = InvalidRowsRule(maximum: rules.maximum).fault(
                bad: count.badRows, of: summary.rows)
        {
            log = ProblemLog(
                ofFile: [Problem(fault)] + log.ofFile, streams: log.streams, leading: log.leading)
            count = try ProblemCount(of: log, limit: problemLimit)
        }
        let isRefused = count.refusesFile || (count.errors > 0 && !mayRunWithout)
        return CheckResult(
            rows: summary.rows, badRows: count.badRows, columns: summary.columns, problems: count.first,
            log: log, holdsCardNumbers: count.holdsCardNumbers, errorCount: count.errors,
            warningCount: count.warnings, sums: sums,
            allWholeCancels: onlyWholeCancels && !isRefused, isRefused: isRefused)
    }

    /// Compares the rows whose intent or reference came again, in another reading.
    private func pairs(_ first: FirstReading, path: String) throws -> [PairCursor] {
        guard let sieve = try first.repeated.sieve() else { return [] }
        let finder = PairFinder(rules: pairRules, memoryRows: memoryRows, directory: temporaryDirectory)
        let hash = KeyedHash()
        // Nothing is known of whole columns yet, and nothing more is to be learnt of them.
        var reader = try reader(path, damage: ColumnDamage())
        var steps = 0
        while true {
            steps += 1
            if steps % 4_096 == 0 { try Task.checkCancellation() }
            switch try reader.step() {
            case .row:
                let row = reader.row
                let intentRepeats = sieve.passes(first.keys.key(ofIntent: row.intentID))
                let referenceRepeats =
                    row.reference.map { sieve.passes(first.keys.key(ofReference: $0)) } ?? false
                guard intentRepeats || referenceRepeats else { continue }
                try finder.visit(
                    HashedRow(row, hash), intentRepeats: intentRepeats, referenceRepeats: referenceRepeats)
            case .finding: _ = reader.takeFinding()
            case .end: return try finder.pairs(lastRow: first.lastRow)
            }
        }
    }

    /// Pairs that are judged once more by what their rows say; the earlier row of each is kept until then.
    ///
    /// Beyond them the hashes stand alone: that any two of n rows collide in 128 keyed bits has a chance below
    /// n²/2¹²⁹, 1.5 × 10⁻²⁵ for ten million.
    static let confirmedPairs = 10_000

    /// The problems of pairs and of whole columns, by row.
    private func secondReading(
        _ cursors: inout [PairCursor], _ damage: ColumnDamage, path: String
    ) throws -> SpooledProblems {
        var spool = ProblemSpool(directory: temporaryDirectory)
        guard !damage.isNone || cursors.contains(where: { $0.current != nil }) else { return spool.finish() }
        var earlierRows = try Self.earlierRows(of: cursors)
        var reader = try reader(path, damage: damage)
        var roundedRow = 0
        var findings = 0
        while let finding = try reader.next(),
            !damage.isNone || cursors.contains(where: { $0.current != nil })
        {
            findings += 1
            if findings % 4_096 == 0 { try Task.checkCancellation() }
            switch finding {
            case .damage(let problem):
                if problem.code == FileProblemCode.idRounded.rawValue { roundedRow = problem.row ?? 0 }
                try spool.append(problem)
            case .instruction(let row):
                if earlierRows[row.row] != nil { earlierRows[row.row] = row }
                for index in cursors.indices {
                    guard let pair = cursors[index].current, pair.later == row.row else { continue }
                    try cursors[index].advance()
                    let rule = cursors[index].rule
                    // Ids that were rounded are alike for that reason.
                    if roundedRow == row.row, rule.comparesIDs { continue }
                    if let earlier = earlierRows[pair.earlier] ?? nil, !rule.isBroken(by: row, after: earlier)
                    {
                        continue
                    }
                    let fault = rule.fault(of: row, after: pair.earlier)
                    try spool.append(Problem(fault, of: row, title: reader.title))
                }
            case .problem, .faulty: continue
            }
        }
        return spool.finish()
    }

    private func reader(_ path: String, damage: ColumnDamage? = nil) throws -> InstructionReader {
        try InstructionReader(
            path: path, allowedActions: rules.allowedActions, options: rules.reading,
            columnsWithoutCards: rules.columnsWithoutCards, damage: damage)
    }

    /// The rows to be kept for the first pairs of each rule.
    private static func earlierRows(of cursors: [PairCursor]) throws -> [Int: Instruction?] {
        var rows: [Int: Instruction?] = [:]
        for var cursor in cursors {
            for _ in 0..<confirmedPairs {
                guard let pair = cursor.current else { break }
                rows.updateValue(nil, forKey: pair.earlier)
                try cursor.advance()
            }
        }
        return rows
    }
}

import Instructions
import Pacing
import Runs

/// What is on disk: rows, attempts and outcomes of the runs of one account. It has the rules of the store's seam,
/// and what was not committed before a crash was never here. A breach of its rules is a violation.
struct SimulatedStore {
    struct Row {
        let instruction: Instruction
        var priority: Int64
        /// The row before it on the same intent.
        var after: Int?
        var sameActionInFile = false
        var attempts: [Attempt] = []
        var settlement: Settlement?
    }

    struct Run {
        let name: String
        /// By row, from 1.
        var rows: [Row]
        var isExecuting = false

        subscript(row: Int) -> Row {
            get { rows[row - 1] }
            set { rows[row - 1] = newValue }
        }

        var isSettled: Bool { rows.allSatisfy { $0.settlement != nil } }
    }

    var runs: [Run]
    /// The newest wall time written.
    private(set) var newestWall = WallTime(milliseconds: 0)

    init(_ runs: [(name: String, instructions: [Instruction])]) {
        self.runs = runs.map { run in
            Run(name: run.name, rows: Self.linked(run.instructions))
        }
    }

    private static func linked(_ instructions: [Instruction]) -> [Row] {
        var rows = instructions.map { Row(instruction: $0, priority: $0.expiresAt ?? .max) }
        for index in rows.indices {
            let intent = rows[index].instruction.intentID
            let sharing = rows.indices.filter { rows[$0].instruction.intentID == intent }
            rows[index].priority = sharing.map { rows[$0].instruction.expiresAt ?? .max }.min() ?? .max
            let before = sharing.filter { $0 < index }
            rows[index].after = before.last.map { $0 + 1 }
            rows[index].sameActionInFile = before.contains {
                rows[$0].instruction.action == rows[index].instruction.action
            }
        }
        return rows
    }

    // MARK: Reading

    func started(_ run: Int) -> [PendingRow] {
        sorted(run) { row in
            !row.attempts.isEmpty || (row.after.map { runs[run][$0].settlement != nil } ?? false)
        }
    }

    func waiting(_ run: Int, after cursor: LoadCursor?, limit: Int) -> [PendingRow] {
        let rows = sorted(run) { $0.attempts.isEmpty && $0.after == nil }
        return Array(page(rows, after: cursor).prefix(limit))
    }

    func page(_ rows: [PendingRow], after cursor: LoadCursor?) -> [PendingRow] {
        guard let cursor else { return rows }
        return rows.filter { (cursor.priority, cursor.row) < ($0.priority, $0.instruction.row) }
    }

    private func sorted(_ run: Int, where isWanted: (Row) -> Bool) -> [PendingRow] {
        runs[run].rows.filter { $0.settlement == nil && isWanted($0) }
            .map { pending($0, of: run) }
            .sorted { ($0.priority, $0.instruction.row) < ($1.priority, $1.instruction.row) }
    }

    func pending(_ row: Row, of run: Int) -> PendingRow {
        var earlier: PendingRow.Earlier?
        if let after = row.after, let outcome = runs[run][after].settlement?.outcome {
            earlier = .init(row: after, outcome: outcome, sameActionInFile: row.sameActionInFile)
        }
        var pending = PendingRow(
            instruction: row.instruction, priority: row.priority, earlier: earlier, attempts: row.attempts)
        pending.elsewhere = elsewhere(like: row.instruction, than: run)
        return pending
    }

    /// Rows of other runs that the row guard judges by.
    private func elsewhere(like instruction: Instruction, than run: Int) -> [ElsewhereRow] {
        runs.indices.filter { $0 != run }.flatMap { other in
            runs[other].rows.compactMap { row in
                let its = row.instruction
                let isAlike =
                    its.intentID == instruction.intentID && its.action == instruction.action
                    || its.reference != nil && its.reference == instruction.reference
                let outcome = row.settlement?.outcome
                guard isAlike, outcome == nil || outcome == .unconfirmed || outcome?.isDone == true else {
                    return nil
                }
                return ElsewhereRow(
                    run: runs[other].name, isEarlier: other < run, instruction: its, outcome: outcome,
                    isWhole: row.settlement?.isWhole)
            }
        }
    }

    func past(_ run: Int) -> RunPast {
        let uncounted: [AnswerClass?] = [.notSent, .unauthorized, .throttled]
        let repeats = runs[run].rows.reduce(0) { sum, row in
            sum + row.attempts.count { $0.isBudgeted && !uncounted.contains($0.answer) }
        }
        return RunPast(rows: runs[run].rows.count, repeats: repeats, newestWall: newestWall)
    }

    // MARK: Writing

    mutating func wrote(at time: WallTime) { newestWall = max(newestWall, time) }

    /// All units in one transaction; what is written is on disk.
    mutating func commit(_ units: [WriteUnit], to run: Int) throws(Violation) -> [UnitResult] {
        var results: [UnitResult] = []
        for unit in units { results.append(try commit(unit, to: run)) }
        return results
    }

    private mutating func commit(_ unit: WriteUnit, to run: Int) throws(Violation) -> UnitResult {
        if let refusal = refused(byState: unit, in: run) { return refusal }
        for case .open(let attempt) in unit.writes {
            if let taken = taken(attempt.intentID, by: run) { return taken }
        }
        if let verdict = guarded(unit, in: run) { return .judgedByEarlierRun(verdict) }
        var released: [PendingRow] = []
        for write in unit.writes {
            switch write {
            case .open(let attempt): try open(attempt, in: run)
            case .close(let closing): try close(closing, in: run)
            case .settle(let settlement): released += try settle(settlement, in: run)
            }
        }
        return .committed(released: released)
    }

    private func taken(_ intentID: String, by run: Int) -> UnitResult? {
        for (index, other) in runs.enumerated() where index != run {
            let onIntent = other.rows.filter { $0.instruction.intentID == intentID }
            if let row = onIntent.first(where: { $0.settlement?.outcome == .unconfirmed }) {
                return .intentTaken(run: other.name, row: row.instruction.row, executing: false)
            }
            if let row = onIntent.first(where: { $0.attempts.contains { $0.answer == nil } }) {
                return .intentTaken(
                    run: other.name, row: row.instruction.row, executing: other.isExecuting)
            }
        }
        return nil
    }

    /// A row that is to be settled by its intent's state: that may be another run's doing.
    private func refused(byState unit: WriteUnit, in run: Int) -> UnitResult? {
        guard unit.isByState, case .settle(let settlement)? = unit.writes.first else { return nil }
        let instruction = runs[run][settlement.row].instruction
        let verdict = EarlierRunRule.judge(
            instruction, isWhole: settlement.isWhole, among: elsewhere(like: instruction, than: run))
        return verdict == .free
            ? taken(instruction.intentID, by: run) : .judgedByEarlierRun(verdict)
    }

    /// The row guard, for rows without an ambiguous attempt.
    private func guarded(_ unit: WriteUnit, in run: Int) -> EarlierRunRule.Verdict? {
        guard !unit.writes.contains(where: { if case .close = $0 { true } else { false } }) else {
            return nil
        }
        for case .open(let attempt) in unit.writes {
            let instruction = runs[run][attempt.row].instruction
            let verdict = EarlierRunRule.judge(
                instruction, isWhole: Ask(restoring: attempt, of: instruction).isWhole,
                among: elsewhere(like: instruction, than: run))
            if verdict != .free { return verdict }
        }
        return nil
    }

    private mutating func open(_ attempt: Attempt, in run: Int) throws(Violation) {
        let row = runs[run][attempt.row]
        guard row.settlement == nil else {
            throw Violation(.settledOnce, "row \(attempt.row) has an outcome and is opened again")
        }
        let isTaken = runs.contains { run in
            run.rows.contains { row in
                row.instruction.intentID == attempt.intentID && row.attempts.contains { $0.answer == nil }
            }
        }
        guard !isTaken else {
            throw Violation(.oneOpenAttempt, "a second attempt is open on \(attempt.intentID)")
        }
        guard !row.attempts.contains(where: { $0.number == attempt.number }) else {
            throw Violation(.oneOpenAttempt, "attempt \(attempt.number) of row \(attempt.row) is there")
        }
        runs[run][attempt.row].attempts.append(attempt)
        wrote(at: attempt.openedAt)
    }

    private mutating func close(_ closing: AttemptClosing, in run: Int) throws(Violation) {
        let attempts = runs[run][closing.row].attempts
        guard let index = attempts.firstIndex(where: { $0.number == closing.number && $0.answer == nil })
        else {
            throw Violation(.oneOpenAttempt, "attempt \(closing.number) of row \(closing.row) is not open")
        }
        runs[run][closing.row].attempts[index].answer = closing.answer
        wrote(at: closing.closedAt)
    }

    private mutating func settle(_ settlement: Settlement, in run: Int) throws(Violation) -> [PendingRow] {
        guard runs[run][settlement.row].settlement == nil else {
            throw Violation(.settledOnce, "row \(settlement.row) gets a second outcome")
        }
        runs[run][settlement.row].settlement = settlement
        wrote(at: settlement.finishedAt)
        guard runs[run][settlement.row].attempts.allSatisfy({ $0.answer != nil }) else {
            throw Violation(.outcomeWithAttempt, "row \(settlement.row) is settled with an open attempt")
        }
        return runs[run].rows.filter { $0.after == settlement.row && $0.settlement == nil }
            .map { pending($0, of: run) }
    }
}

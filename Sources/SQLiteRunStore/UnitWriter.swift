import GRDB
import Instructions
import Pacing
import Runs

/// Writes the units of one commit inside its transaction. Every fault it throws rolls the whole commit back.
struct UnitWriter: ~Copyable {
    private let database: Database
    private let run: Int64
    private let account: Int64
    private let isExecuting: (String) -> Bool
    private let hasOtherRuns: Bool
    /// Whether any row of the run waits for another one.
    private let hasFollowers: Bool
    private var settlements: SettlementWriter
    private var markStarted: BareStatement
    private var insertAttempt: BareStatement
    private var closeAttempt: BareStatement
    private var newestAt: Int64 = 0

    init(
        _ database: Database, run: Int64, account: Int64, isExecuting: @escaping (String) -> Bool
    ) throws {
        let hasOtherRuns = try Elsewhere.hasOtherRuns(database, account: account, run: run)
        let hasFollowers = try Self.hasFollowers(database, run: run)
        let settlements = try SettlementWriter(database, run: run, of: .isOpen)
        let markStarted = try BareStatement(
            database, sql: "UPDATE instruction SET started = 1 WHERE run = ? AND row = ? AND outcome IS NULL")
        let insertAttempt = try BareStatement(
            database,
            sql: """
                INSERT INTO attempt (run, row, number, account, intent_id, action, generation, key, amount,
                    currency, lines, snapshot, body, opened_at, timeout_ms, budgeted)
                SELECT run, row, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM instruction
                WHERE run = ? AND row = ? AND outcome IS NULL
                """)
        let closeAttempt = try BareStatement(
            database,
            sql: """
                UPDATE attempt SET answer = ?, http_status = ?, gateway_code = ?, closed_at = ?
                WHERE run = ? AND row = ? AND number = ? AND answer IS NULL
                """)
        self.database = database
        self.run = run
        self.account = account
        self.isExecuting = isExecuting
        self.hasOtherRuns = hasOtherRuns
        self.hasFollowers = hasFollowers
        self.settlements = settlements
        self.markStarted = markStarted
        self.insertAttempt = insertAttempt
        self.closeAttempt = closeAttempt
    }

    private static func hasFollowers(_ database: Database, run: Int64) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM instruction INDEXED BY instruction_after
                    WHERE run = ? AND after_row IS NOT NULL)
                """)
        return try Bool.fetchOne(statement, arguments: [run]) ?? false
    }

    /// All of the unit or nothing. What could refuse it is looked up before its first write; the lock that
    /// the transaction holds keeps other processes from changing it in between.
    mutating func write(_ unit: WriteUnit) throws -> UnitResult {
        for case .open(let attempt) in unit.writes where hasOtherRuns {
            if let taken = try takenBy(intentID: attempt.intentID) { return taken }
            if let verdict = try guarded(attempt, unit) { return .judgedByEarlierRun(verdict) }
        }
        if unit.isByState, hasOtherRuns, let refusal = try refused(byState: unit) { return refusal }
        var released: [PendingRow] = []
        for write in unit.writes {
            switch write {
            case .open(let attempt): try open(attempt)
            case .close(let closing): try close(closing)
            case .settle(let settlement):
                newestAt = max(newestAt, settlement.finishedAt.milliseconds)
                try settlements.write(settlement)
                if hasFollowers { released += try release(after: settlement.row) }
            }
        }
        if let row = unit.rowThatGoesOn { try mark(row) }
        return .committed(released: released)
    }

    /// Brings the run's counters up to date: sums, calls, and the newest wall time that was written.
    func finish(_ calls: CallCounts) throws {
        try settlements.addSums()
        let statement = try database.cachedStatement(
            sql: """
                UPDATE run SET changes = changes + ?, reads = reads + ?, retries = retries + ?,
                    newest_at = max(newest_at, ?) WHERE id = ?
                """)
        try statement.execute(arguments: [calls.changes, calls.reads, calls.retries, newestAt, run])
    }

    /// The row guard, in the transaction that opens the attempt (contract, section 3). A row with an ambiguous attempt
    /// is not judged: its unit closes that one.
    private func guarded(_ attempt: Attempt, _ unit: WriteUnit) throws -> EarlierRunRule.Verdict? {
        let closesOne = unit.writes.contains { if case .close = $0 { true } else { false } }
        if closesOne { return nil }
        let instruction = try instruction(attempt.row)
        return try verdict(on: instruction, isWhole: Ask(restoring: attempt, of: instruction).isWhole)
    }

    /// The same for a row that is to be settled by its intent's state: that may be another run's doing.
    private func refused(byState unit: WriteUnit) throws -> UnitResult? {
        guard case .settle(let settlement)? = unit.writes.first else { return nil }
        let instruction = try instruction(settlement.row)
        if let verdict = try verdict(on: instruction, isWhole: settlement.isWhole) {
            return .judgedByEarlierRun(verdict)
        }
        return try takenBy(intentID: instruction.intentID)
    }

    private func verdict(on instruction: Instruction, isWhole: Bool?) throws -> EarlierRunRule.Verdict? {
        let verdict = EarlierRunRule.judge(
            instruction, isWhole: isWhole,
            among: try Elsewhere.rows(database, account: account, run: run, like: instruction))
        return verdict == .free ? nil : verdict
    }

    private func instruction(_ number: Int) throws -> Instruction {
        let found = try database.rows(
            "SELECT \(Columns.instruction) FROM instruction i WHERE i.run = ? AND i.row = ?", [run, number]
        ) { try $0.instruction() }
        guard let instruction = found.first else {
            throw StoreMessages.internalFault("row \(number) is no row, and was to be judged")
        }
        return instruction
    }

    /// resolving.md section 4.
    private func takenBy(intentID: String) throws -> UnitResult? {
        guard
            let other = try Elsewhere.unsettled(
                database, account: account, run: run, intentID: intentID)
        else { return nil }
        return .intentTaken(
            run: other.run, row: other.row,
            executing: !other.isUnconfirmed && isExecuting(other.run))
    }

    private mutating func open(_ attempt: Attempt) throws {
        newestAt = max(newestAt, attempt.openedAt.milliseconds)
        insertAttempt.bind(attempt.number)
        insertAttempt.bind(account)
        insertAttempt.bind(attempt.intentID)
        insertAttempt.bind(attempt.action.rawValue)
        insertAttempt.bind(attempt.generation)
        insertAttempt.bind(attempt.key)
        insertAttempt.bind(attempt.amount)
        insertAttempt.bind(PackedFields.packed(attempt.lines))
        insertAttempt.bind(attempt.snapshot.map { PackedFields.packed($0) })
        insertAttempt.bind(attempt.body)
        insertAttempt.bind(attempt.openedAt.milliseconds)
        insertAttempt.bind(attempt.timeout.wholeMilliseconds)
        insertAttempt.bind(attempt.isBudgeted)
        insertAttempt.bind(run)
        insertAttempt.bind(attempt.row)
        try insertAttempt.execute()
        try requireOneChange("row \(attempt.row) has an outcome or is no row, and was to be sent")
    }

    /// Marks a row as one that an execution began with, so that a later one finds it apart from those that wait. A row
    /// whose attempt is open needs no mark: `SQLiteCheckpoint.begin` gives it one when it is found.
    private mutating func mark(_ row: Int) throws {
        markStarted.bind(run)
        markStarted.bind(row)
        try markStarted.execute()
        try requireOneChange("row \(row) has an outcome or is no row, and was to go on")
    }

    private mutating func close(_ closing: AttemptClosing) throws {
        newestAt = max(newestAt, closing.closedAt.milliseconds)
        closeAttempt.bind(closing.answer.rawValue)
        closeAttempt.bind(closing.httpStatus)
        closeAttempt.bind(stored(closing.gatewayCode))
        closeAttempt.bind(closing.closedAt.milliseconds)
        closeAttempt.bind(run)
        closeAttempt.bind(closing.row)
        closeAttempt.bind(closing.number)
        try closeAttempt.execute()
        try requireOneChange(
            "attempt \(closing.number) of row \(closing.row) is not open, and was to be closed")
    }

    /// The row that waited for the settled one; marked, so that a later execution finds it too.
    private mutating func release(after row: Int) throws -> [PendingRow] {
        let released = try SQLiteCheckpoint.pendingRows(
            database, run: run, account: account, index: "instruction_after",
            where: "i.run = ? AND i.after_row = ? AND i.outcome IS NULL", [run, row])
        for row in released { try mark(row.instruction.row) }
        return released
    }

    private func requireOneChange(_ otherwise: String) throws {
        guard database.changesCount == 1 else { throw StoreMessages.internalFault(otherwise) }
    }
}

extension WriteUnit {
    /// The row of an attempt that it closes without settling the row.
    fileprivate var rowThatGoesOn: Int? {
        var row: Int?
        for write in writes {
            switch write {
            case .open: break
            case .close(let closing): row = closing.row
            case .settle: return nil
            }
        }
        return row
    }
}

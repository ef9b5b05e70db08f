import FoundationEssentials
import GRDB
import Instructions
import Pacing
import Runs

/// Writes the units of one commit inside its transaction. Every fault it throws rolls the whole commit back.
struct UnitWriter {
    private struct SumKey: Hashable {
        let action: Action
        let currency: String
        let outcome: Outcome
    }

    private struct Sum {
        var rows = 0
        var asked: Int64 = 0
        var applied: Int64 = 0
    }

    private let database: Database
    private let run: Int64
    private let account: Int64
    private let isExecuting: (String) -> Bool
    private var sums: [SumKey: Sum] = [:]

    init(_ database: Database, run: Int64, account: Int64, isExecuting: @escaping (String) -> Bool) {
        self.database = database
        self.run = run
        self.account = account
        self.isExecuting = isExecuting
    }

    /// All of the unit or nothing. What could refuse it is looked up before its first write; the lock that
    /// the transaction holds keeps other processes from changing it in between.
    mutating func write(_ unit: WriteUnit) throws -> UnitResult {
        for case .open(let attempt) in unit.writes {
            if let taken = try takenBy(intentID: attempt.intentID) { return taken }
        }
        var released: [PendingRow] = []
        for write in unit.writes {
            switch write {
            case .open(let attempt): try open(attempt)
            case .close(let closing): try close(closing)
            case .settle(let settlement):
                try settle(settlement)
                released += try release(after: settlement.row)
            }
        }
        return .committed(released: released)
    }

    /// Adds the settled rows to the run's sums: one write for each kind of row, not one a row.
    func addSums() throws {
        for (key, sum) in sums {
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO outcome_sum (run, action, currency, outcome, row_count, asked, applied)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET row_count = row_count + excluded.row_count,
                        asked = asked + excluded.asked, applied = applied + excluded.applied
                    """)
            try statement.execute(arguments: [
                run, key.action.rawValue, key.currency, key.outcome.rawValue, sum.rows, sum.asked,
                sum.applied,
            ])
        }
    }

    func add(_ calls: CallCounts) throws {
        if calls == CallCounts() { return }
        let statement = try database.cachedStatement(
            sql: "UPDATE run SET changes = changes + ?, reads = reads + ?, retries = retries + ? WHERE id = ?"
        )
        try statement.execute(arguments: [calls.changes, calls.reads, calls.retries, run])
    }

    /// resolving.md section 4. An unconfirmed row comes first, since no waiting ends it.
    private func takenBy(intentID: String) throws -> UnitResult? {
        let unconfirmed = try database.cachedStatement(
            sql: """
                SELECT r.name, i.row FROM instruction i INDEXED BY instruction_unconfirmed
                    JOIN run r ON r.id = i.run
                WHERE i.account = ? AND i.intent_id = ? AND i.outcome = 'unconfirmed' AND i.run <> ? LIMIT 1
                """)
        if let row = try Row.fetchOne(unconfirmed, arguments: [account, intentID, run]) {
            return .intentTaken(run: row[0], row: row[1], executing: false)
        }
        let open = try database.cachedStatement(
            sql: """
                SELECT r.name, t.row FROM attempt t INDEXED BY attempt_open JOIN run r ON r.id = t.run
                WHERE t.account = ? AND t.intent_id = ? AND t.answer IS NULL AND t.run <> ?
                """)
        guard let row = try Row.fetchOne(open, arguments: [account, intentID, run]) else { return nil }
        let name: String = row[0]
        return .intentTaken(run: name, row: row[1], executing: isExecuting(name))
    }

    private func open(_ attempt: Attempt) throws {
        let mark = try database.cachedStatement(
            sql: "UPDATE instruction SET started = 1 WHERE run = ? AND row = ? AND outcome IS NULL")
        try mark.execute(arguments: [run, attempt.row])
        try requireOneChange("row \(attempt.row) has an outcome or is no row, and was to be sent")
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO attempt (run, row, number, account, intent_id, action, generation, key, amount,
                    currency, lines, snapshot, body, opened_at, timeout_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(arguments: [
            run, attempt.row, attempt.number, account, attempt.intentID, attempt.action.rawValue,
            attempt.generation, attempt.key, attempt.amount?.minorUnits, attempt.amount?.currency.code,
            PackedFields.packed(attempt.lines).map { Data($0) },
            attempt.snapshot.map { Data(PackedFields.packed($0)) }, Data(attempt.body),
            attempt.openedAt.milliseconds, attempt.timeout.wholeMilliseconds,
        ])
    }

    private func close(_ closing: AttemptClosing) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE attempt SET answer = ?, http_status = ?, gateway_code = ?, closed_at = ?
                WHERE run = ? AND row = ? AND number = ? AND answer IS NULL
                """)
        try statement.execute(arguments: [
            closing.answer.rawValue, closing.httpStatus, stored(closing.gatewayCode),
            closing.closedAt.milliseconds,
            run, closing.row, closing.number,
        ])
        try requireOneChange(
            "attempt \(closing.number) of row \(closing.row) is not open, and was to be closed")
    }

    /// "A late answer never changes a settled outcome" (resolving.md section 4).
    private mutating func settle(_ settlement: Settlement) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE instruction SET outcome = ?, code = ?, message = ?, how_known = ?, status_before = ?,
                    status_after = ?, asked = ?, asked_currency = ?, applied = ?, applied_currency = ?,
                    remaining = ?, remaining_currency = ?, sends = ?, key = ?, gateway_reference = ?,
                    gateway_code = ?, http_status = ?, finished_at = ?
                WHERE run = ? AND row = ? AND outcome IS NULL
                """)
        try statement.execute(arguments: [
            settlement.outcome.rawValue, stored(settlement.code), stored(settlement.message),
            settlement.howKnown.rawValue, stored(settlement.statusBefore), stored(settlement.statusAfter),
            settlement.asked?.minorUnits, settlement.asked?.currency.code, settlement.applied?.minorUnits,
            settlement.applied?.currency.code, settlement.remaining?.minorUnits,
            settlement.remaining?.currency.code, settlement.attempts, settlement.key,
            stored(settlement.gatewayReference), stored(settlement.gatewayCode), settlement.httpStatus,
            settlement.finishedAt.milliseconds, run, settlement.row,
        ])
        try requireOneChange(
            "row \(settlement.row) has an outcome already or is no row, and was to be settled")
        try count(settlement)
    }

    private mutating func count(_ settlement: Settlement) throws {
        let currency = (settlement.asked ?? settlement.applied)?.currency.code ?? ""
        let key = SumKey(action: settlement.action, currency: currency, outcome: settlement.outcome)
        var sum = sums[key, default: Sum()]
        let asked = sum.asked.addingReportingOverflow(settlement.asked?.minorUnits ?? 0)
        let applied = sum.applied.addingReportingOverflow(settlement.applied?.minorUnits ?? 0)
        guard !asked.overflow, !applied.overflow else {
            throw StoreMessages.internalFault("the sum of \(currency) does not fit 64-bit minor units")
        }
        sum.rows += 1
        sum.asked = asked.partialValue
        sum.applied = applied.partialValue
        sums[key] = sum
    }

    /// The row that waited for the settled one; marked, so that a later execution finds it too.
    private func release(after row: Int) throws -> [PendingRow] {
        let released = try SQLiteCheckpoint.pendingRows(
            database, index: "instruction_after",
            where: "i.run = ? AND i.after_row = ? AND i.outcome IS NULL", [run, row])
        for row in released {
            let mark = try database.cachedStatement(
                sql: "UPDATE instruction SET started = 1 WHERE run = ? AND row = ?")
            try mark.execute(arguments: [run, row.instruction.row])
        }
        return released
    }

    private func requireOneChange(_ otherwise: String) throws {
        guard database.changesCount == 1 else { throw StoreMessages.internalFault(otherwise) }
    }
}

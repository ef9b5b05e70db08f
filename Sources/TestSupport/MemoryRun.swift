import Instructions
import Pacing
import Runs

/// One run of `MemoryRunStore`: plain values, changed on a copy.
struct MemoryRun {
    struct StoredRow {
        let instruction: Instruction
        var priority: Int64
        var afterRow: Int?
        var sameActionInFile = false
        var attempts: [Attempt] = []
        var settlement: Settlement?
    }

    var record: RunRecord
    private(set) var rows: [Int: StoredRow] = [:]

    init(record: RunRecord) { self.record = record }

    static func fault(_ what: String) -> RunStoreError {
        RunStoreError(code: .internalFault, message: "The store was used against its rules: \(what).")
    }

    // MARK: Import

    mutating func clear() throws {
        try requireImporting()
        rows = [:]
    }

    mutating func append(_ instructions: [Instruction]) throws {
        try requireImporting()
        for instruction in instructions {
            let row = StoredRow(instruction: instruction, priority: instruction.expiresAt ?? .max)
            guard rows.updateValue(row, forKey: instruction.row) == nil else {
                throw Self.fault("row \(instruction.row) was imported before")
            }
        }
    }

    mutating func append(rejected rows: [RejectedRow]) throws {
        for rejected in rows {
            let row = rejected.row
            // What cannot be read is never asked for: the row is settled.
            try append([
                Instruction(
                    row: row.row, line: row.line, action: row.action ?? .cancel, intentID: row.intentID ?? "",
                    requested: row.requested ?? .everything(nil))
            ])
            var settlement = Settlement(
                row: row.row, action: row.action, outcome: .rejected, howKnown: .rule,
                finishedAt: record.createdAt)
            settlement.code = rejected.code
            settlement.message = rejected.message
            self.rows[row.row]?.settlement = settlement
        }
    }

    mutating func finish(rows count: Int) throws {
        try requireImporting()
        guard rows.count == count else { throw Self.fault("\(rows.count) rows instead of \(count)") }
        let byIntent = Dictionary(grouping: rows.values, by: \.instruction.intentID)
        for (intentID, sharing) in byIntent where !intentID.isEmpty {
            let inOrder = sharing.sorted { $0.instruction.row < $1.instruction.row }
            let earliest = inOrder.map(\.priority).min()
            for (index, row) in inOrder.enumerated() {
                var linked = row
                let before = inOrder[..<index]
                linked.priority = earliest ?? .max
                linked.afterRow = before.last?.instruction.row
                linked.sameActionInFile = before.contains {
                    ($0.settlement == nil ? $0.instruction.action : $0.settlement?.action)
                        == row.instruction.action
                }
                rows[row.instruction.row] = linked
            }
        }
        record.rows = count
        record.state = .ready
    }

    private func requireImporting() throws {
        guard record.state == .importing else { throw Self.fault("run \(record.name) is not being imported") }
    }

    // MARK: Execution

    mutating func begin(at time: WallTime) throws {
        guard [.ready, .running, .stopped].contains(record.state) else {
            throw Self.fault("run \(record.name) is \(record.state)")
        }
        record.state = .running
        record.executions += 1
        record.startedAt = record.startedAt ?? time
        record.endedAt = nil
        record.stoppedBy = nil
    }

    mutating func end(stoppedBy reason: StopReason?, at time: WallTime) throws {
        guard record.state == .running else { throw Self.fault("run \(record.name) is \(record.state)") }
        guard reason != nil || rows.values.allSatisfy({ $0.settlement != nil }) else {
            throw Self.fault("run \(record.name) ends with rows without an outcome")
        }
        record.state = reason == nil ? .finished : .stopped
        record.endedAt = time
        record.stoppedBy = reason
    }

    /// Rows without an outcome: those with attempts or whose earlier row ended, or those that wait for
    /// nothing.
    func pending(started: Bool) -> [PendingRow] {
        let open = rows.values.filter { row in
            guard row.settlement == nil else { return false }
            let isFreed = row.afterRow.map { rows[$0]?.settlement != nil } ?? false
            return started ? !row.attempts.isEmpty || isFreed : row.attempts.isEmpty && row.afterRow == nil
        }
        return open.map(pending).sorted {
            ($0.priority, $0.instruction.row) < ($1.priority, $1.instruction.row)
        }
    }

    func openRow(intentID: String) -> Int? {
        rows.first { $0.value.attempts.contains { $0.intentID == intentID && $0.answer == nil } }?.key
    }

    func unconfirmedRow(intentID: String) -> Int? {
        rows.first {
            $0.value.instruction.intentID == intentID && $0.value.settlement?.outcome == .unconfirmed
        }?.key
    }

    /// The rows that it released.
    mutating func write(_ unit: WriteUnit) throws -> [PendingRow] {
        var released: [PendingRow] = []
        for write in unit.writes {
            switch write {
            case .open(let attempt): try open(attempt)
            case .close(let closing): try close(closing)
            case .settle(let settlement): released += try settle(settlement)
            }
        }
        return released
    }

    private mutating func open(_ attempt: Attempt) throws {
        guard let row = rows[attempt.row], row.settlement == nil else {
            throw Self.fault("row \(attempt.row) has an outcome or is no row, and was to be sent")
        }
        guard openRow(intentID: attempt.intentID) == nil,
            !row.attempts.contains(where: { $0.number == attempt.number })
        else {
            throw Self.fault("attempt \(attempt.number) of row \(attempt.row) is there, or another is open")
        }
        rows[attempt.row]?.attempts.append(attempt)
    }

    private mutating func close(_ closing: AttemptClosing) throws {
        let index = rows[closing.row]?.attempts.firstIndex { $0.number == closing.number && $0.answer == nil }
        guard let index else {
            throw Self.fault("attempt \(closing.number) of row \(closing.row) is not open")
        }
        rows[closing.row]?.attempts[index].answer = closing.answer
    }

    private mutating func settle(_ settlement: Settlement) throws -> [PendingRow] {
        guard let row = rows[settlement.row], row.settlement == nil else {
            throw Self.fault(
                "row \(settlement.row) has an outcome already or is no row, and was to be settled")
        }
        rows[settlement.row]?.settlement = settlement
        return rows.values.filter { $0.afterRow == settlement.row && $0.settlement == nil }.map(pending)
    }

    private func pending(_ row: StoredRow) -> PendingRow {
        var earlier: PendingRow.Earlier?
        if let after = row.afterRow, let outcome = rows[after]?.settlement?.outcome {
            earlier = .init(row: after, outcome: outcome, sameActionInFile: row.sameActionInFile)
        }
        return PendingRow(
            instruction: row.instruction, priority: row.priority, earlier: earlier, attempts: row.attempts)
    }

    // MARK: History

    func sums() throws -> [OutcomeSum] {
        var sums = OutcomeSums()
        for settlement in rows.values.compactMap(\.settlement) { try sums.put(settlement) }
        return sums.sorted
    }

    // MARK: The row guard

    /// What another run's row guard judges by.
    func elsewhere(like instruction: Instruction, isEarlier: Bool) -> [ElsewhereRow] {
        guard record.state != .importing else { return [] }
        return rows.values.filter { row in
            let its = row.instruction
            let isAlike =
                its.intentID == instruction.intentID && its.action == instruction.action
                || its.reference != nil && its.reference == instruction.reference
            let outcome = row.settlement?.outcome
            return isAlike && (outcome == nil || outcome == .unconfirmed || outcome?.isDone == true)
        }
        .sorted { $0.instruction.row < $1.instruction.row }
        .map { row in
            ElsewhereRow(
                run: record.name, isEarlier: isEarlier, instruction: row.instruction,
                outcome: row.settlement?.outcome, isWhole: row.settlement?.isWhole)
        }
    }

    var past: RunPast {
        let attempts = rows.values.flatMap(\.attempts)
        let uncounted: [AnswerClass?] = [.notSent, .unauthorized, .throttled]
        var past = RunPast(
            rows: record.rows, repeats: attempts.count { $0.isBudgeted && !uncounted.contains($0.answer) },
            newestWall: attempts.map(\.openedAt).max() ?? record.createdAt)
        let effects = rows.values.compactMap(\.settlement)
            .filter { $0.outcome == .applied || $0.outcome == .unconfirmed }
        let byCurrency = Dictionary(grouping: effects.compactMap(\.asked), by: \.currency)
        past.asked = byCurrency.map { currency, amounts in
            Money(minorUnits: amounts.reduce(0) { $0 + $1.minorUnits }, currency: currency)
        }
        return past
    }
}

import FoundationEssentials
import Instructions
import Pacing
import Runs

extension Columns {
    /// In the order of `attempt()`.
    static let attempt = """
        row, number, generation, key, action, intent_id, snapshot, amount, currency, lines, body, opened_at, \
        timeout_ms, budgeted, answer
        """

    mutating func attempt() throws -> Attempt {
        var attempt = Attempt(
            row: int(), number: int(), generation: int(), key: text(), action: try word(Action.self),
            intentID: text(), snapshot: try optionalBytes().map { try PackedReader.intent($0) },
            amount: try optionalMoney(), lines: try PackedReader.lines(optionalBytes()),
            body: optionalBytes() ?? [], openedAt: time(), timeout: .milliseconds(int64()), answer: nil)
        attempt.isBudgeted = int() == 1
        attempt.answer = try optionalWord(AnswerClass.self)
        return attempt
    }

    /// In the order of `instruction()`; its table is `i`.
    static let instruction = """
        i.row, i.line, i.action, i.intent_id, i.amount, i.currency, i.reason, i.reference, i.line_items, \
        i.external_data, i.expires_at
        """

    /// In the order of `pending()`; the instruction is `i`, the one before it on the intent `e`.
    static let pending = instruction + ", i.priority, i.after_row, e.outcome, i.same_action"

    /// The row without its attempts.
    mutating func pending() throws -> PendingRow {
        let instruction = try instruction()
        let priority = int64()
        let after = optionalInt()
        let outcome = try optionalWord(Outcome.self)
        let sameAction = int() == 1
        guard (after == nil) == (outcome == nil) else {
            throw StoreMessages.internalFault(
                "row \(instruction.row) started before the row it waits for ended")
        }
        var earlier: PendingRow.Earlier?
        if let after, let outcome {
            earlier = .init(row: after, outcome: outcome, sameActionInFile: sameAction)
        }
        return PendingRow(instruction: instruction, priority: priority, earlier: earlier, attempts: [])
    }

    mutating func instruction() throws -> Instruction {
        let row = int()
        let line = int()
        let action = try word(Action.self)
        let intentID = text()
        let amount = optionalInt64()
        let currency = try optionalCurrency()
        let requested: RequestedAmount
        switch (amount, currency) {
        case (nil, let currency): requested = .everything(currency)
        case (let amount?, let currency?): requested = .exactly(Money(minorUnits: amount, currency: currency))
        case (_?, nil): throw DecodingFault(column: "currency")
        }
        var instruction = Instruction(
            row: row, line: line, action: action, intentID: intentID, requested: requested)
        instruction.reason = optionalText()
        instruction.reference = optionalText()
        instruction.lineItems = try PackedReader.lines(optionalBytes())
        instruction.externalData = try optionalBytes().map { try PackedReader.externalData($0) }
        instruction.expiresAt = optionalInt64()
        return instruction
    }

    /// In the order of `settlement()`.
    static let settlement = """
        row, action, outcome, how_known, finished_at, code, message, status_before, status_after, is_whole, \
        asked, asked_currency, applied, applied_currency, remaining, remaining_currency, sends, key, \
        gateway_reference, gateway_code, http_status
        """

    mutating func settlement() throws -> Settlement {
        var settlement = Settlement(
            row: int(), action: try action(), outcome: try word(Outcome.self),
            howKnown: try word(HowKnown.self), finishedAt: time())
        settlement.code = optionalText()
        settlement.message = optionalText()
        settlement.statusBefore = optionalText()
        settlement.statusAfter = optionalText()
        settlement.isWhole = optionalInt().map { $0 == 1 }
        settlement.asked = try optionalMoney()
        settlement.applied = try optionalMoney()
        settlement.remaining = try optionalMoney()
        settlement.attempts = int()
        settlement.key = optionalText()
        settlement.gatewayReference = optionalText()
        settlement.gatewayCode = optionalText()
        settlement.httpStatus = optionalInt()
        return settlement
    }

    /// In the order of `run()`; the run is `r`, its account `a`.
    static let run = """
        r.id, r.name, r.state, r.account_name, a.identity, a.gateway, r.job, r.input_name, r.input_path, \
        r.input_sha256, r.input_bytes, r.snapshot_path, r.key_base, r.rules, r.actor, r.note, r.created_at, \
        r.started_at, r.ended_at, r.stopped_by, r.row_count, r.executions, r.changes, r.reads, r.retries, \
        r.revision, r.again, r.again_why, r.input_inode
        """

    mutating func run() throws -> RunRecord {
        let (id, name, state) = (int64(), text(), try word(RunState.self))
        let (accountName, identity, gateway, job) = (text(), text(), text(), optionalText())
        let (inputName, path, sha256, byteCount, snapshot) = (text(), text(), text(), int64(), text())
        let (keyBase, rules, actor, note) = (text(), try rules(), text(), optionalText())
        let (createdAt, startedAt, endedAt) = (time(), optionalTime(), optionalTime())
        let stoppedBy = try optionalWord(StopReason.self)
        // While the run is being imported they are counted in there.
        let (counted, executions) = (int(), int())
        let rows = state == .importing ? 0 : counted
        let calls = CallCounts(changes: int(), reads: int(), retries: int())
        let (revision, again, why) = (int(), int(), optionalText())
        return RunRecord(
            id: id, name: name, state: state, accountName: accountName, identity: identity, gateway: gateway,
            job: job,
            input: InputRecord(
                name: inputName, path: path, sha256: sha256, byteCount: byteCount, snapshotPath: snapshot,
                inode: optionalInt64().map { UInt64(bitPattern: $0) }),
            keyBase: keyBase, rules: rules, actor: actor, note: note, createdAt: createdAt,
            startedAt: startedAt, endedAt: endedAt, stoppedBy: stoppedBy, rows: rows, executions: executions,
            calls: calls, revision: revision,
            again: again == 0 ? nil : RunAgain(number: again, why: why ?? ""))
    }

    private mutating func rules() throws(DecodingFault) -> RunRules {
        let json = Data(text().utf8)
        guard let rules = try? JSONDecoder().decode(RunRules.self, from: json) else {
            throw DecodingFault(column: "rules")
        }
        return rules
    }

    /// nil where the file's row says none that can be read.
    private mutating func action() throws -> Action? {
        let text = text()
        if text.isEmpty { return nil }
        guard let action = Action(rawValue: text) else { throw DecodingFault(column: "action") }
        return action
    }

    mutating func outcomeSum() throws -> OutcomeSum {
        OutcomeSum(
            action: try action(), currency: try optionalCurrency(), outcome: try word(Outcome.self),
            rows: int(), asked: int64(), applied: int64())
    }
}

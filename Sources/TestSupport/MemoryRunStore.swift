package import Instructions
package import Pacing
package import Runs

/// The store's seams in memory, for tests of the machine and the driver. It keeps the same rules as the real
/// one (`RunStoreConformance` runs on both) and forgets everything with the process.
package actor MemoryRunStore: RunImport, RunHistory {
    private let isExecuting: @Sendable (String) -> Bool
    /// By `RunRecord.id` less 1, oldest first.
    private var stored: [MemoryRun] = []

    package init(isExecuting: @escaping @Sendable (_ runName: String) -> Bool = { _ in false }) {
        self.isExecuting = isExecuting
    }

    /// The checkpoint of that run, for its execution.
    package nonisolated func checkpoint(of run: RunRecord) -> MemoryCheckpoint {
        MemoryCheckpoint(store: self, run: run.id)
    }

    // MARK: RunImport

    package func existingRun(identity: AccountIdentity, sha256: String) -> RunRecord? {
        stored.last { $0.record.identity == identity.text && $0.record.input.sha256 == sha256 }?.record
    }

    package func create(_ run: NewRun) throws -> RunRecord {
        let other = existingRun(identity: run.identity, sha256: run.input.sha256)
        if let other, (other.again?.number ?? 0) >= (run.again?.number ?? 0) {
            throw RunStoreError(code: .inputTaken, message: "This input already has the run \(other.name).")
        }
        let record = RunRecord(
            id: Int64(stored.count + 1), name: run.name, state: .importing, accountName: run.accountName,
            identity: run.identity.text, gateway: run.identity.gateway, job: run.job, input: run.input,
            keyBase: run.keyBase, rules: run.rules, actor: run.actor, note: run.note,
            createdAt: run.createdAt,
            startedAt: nil, endedAt: nil, stoppedBy: nil, rows: 0, executions: 0, calls: CallCounts(),
            again: run.again)
        stored.append(MemoryRun(record: record))
        return record
    }

    package func clearRows(of run: RunRecord) throws {
        try change(run.id) { try $0.clear() }
    }

    package func append(_ batch: ImportBatch, to run: RunRecord) throws {
        try change(run.id) { run in
            try run.append(batch.good)
            try run.append(rejected: batch.rejected)
        }
    }

    package func finish(_ run: RunRecord, rows: Int) throws {
        try change(run.id) { try $0.finish(rows: rows) }
    }

    // MARK: RunHistory

    package func runs() -> [RunRecord] {
        stored.map(\.record).sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    }

    package func run(named prefix: String) throws -> RunRecord {
        let found = prefix.isEmpty ? [] : runs().filter { $0.name.hasPrefix(prefix) }
        if let exact = found.first(where: { $0.name == prefix }) { return exact }
        guard let run = found.first else {
            throw RunStoreError(code: .noSuchRun, message: "There is no run named \(prefix).")
        }
        guard found.count == 1 else {
            throw RunStoreError(code: .ambiguousName, message: "Several runs begin with \(prefix).")
        }
        return run
    }

    package func sums(of run: RunRecord) throws -> [OutcomeSum] { try stored(run.id).sums() }

    package func settlements(of run: RunRecord, after row: Int, limit: Int) throws -> [Settlement] {
        let settled = try stored(run.id).rows.values.compactMap(\.settlement).filter { $0.row > row }
        return Array(settled.sorted { $0.row < $1.row }.prefix(limit))
    }

    package func attempts(of run: RunRecord, row: Int) throws -> [Attempt] {
        try stored(run.id).rows[row]?.attempts ?? []
    }

    package func intentIDs(of run: RunRecord, rows: [Int]) throws -> [Int: String] {
        let stored = try stored(run.id).rows
        return Dictionary(
            uniqueKeysWithValues: Set(rows).compactMap { row in
                stored[row].map { (row, $0.instruction.intentID) }
            }.filter { !$0.1.isEmpty })
    }

    package func attemptCounts(
        of run: RunRecord, from start: WallTime, every milliseconds: Int64, stretches: Int
    ) throws -> [Int] {
        var counts = Array(repeating: 0, count: stretches)
        for attempt in try stored(run.id).rows.values.flatMap(\.attempts) {
            let place = (attempt.openedAt.milliseconds - start.milliseconds) / milliseconds
            counts[max(0, min(stretches - 1, Int(place)))] += 1
        }
        return counts
    }

    // MARK: For the checkpoint

    func pending(_ run: Int64, started: Bool) throws -> [PendingRow] {
        let own = try stored(run)
        return own.pending(started: started).map { judged($0, in: own) }
    }

    func past(_ run: Int64) throws -> RunPast {
        var past = try stored(run).past
        past.newestWall = stored.map(\.past.newestWall).max() ?? past.newestWall
        return past
    }

    private func judged(_ row: PendingRow, in run: MemoryRun) -> PendingRow {
        var row = row
        row.elsewhere = elsewhere(like: row.instruction, than: run)
        return row
    }

    private func elsewhere(like instruction: Instruction, than run: MemoryRun) -> [ElsewhereRow] {
        others(than: run).flatMap { other in
            other.elsewhere(like: instruction, isEarlier: other.record.id < run.record.id)
        }
    }

    private func others(than run: MemoryRun) -> [MemoryRun] {
        stored.filter { $0.record.identity == run.record.identity && $0.record.id != run.record.id }
    }

    func begin(_ run: Int64, at time: WallTime) throws {
        try change(run) { try $0.begin(at: time) }
    }

    func end(_ run: Int64, stoppedBy reason: StopReason?, at time: WallTime) throws {
        try change(run) { try $0.end(stoppedBy: reason, at: time) }
    }

    /// All units in a copy that replaces the run at the end, so that a fault leaves nothing behind.
    func commit(_ run: Int64, _ units: [WriteUnit], calls: CallCounts) throws -> [UnitResult] {
        var copy = try stored(run)
        let results = try units.map { unit in
            try takenBy(unit, in: copy)
                ?? .committed(released: try copy.write(unit).map { judged($0, in: copy) })
        }
        copy.record.calls = copy.record.calls + calls
        stored[Int(run) - 1] = copy
        return results
    }

    private func takenBy(_ unit: WriteUnit, in run: MemoryRun) throws -> UnitResult? {
        if unit.isByState, case .settle(let settlement)? = unit.writes.first,
            let instruction = run.rows[settlement.row]?.instruction
        {
            let verdict = EarlierRunRule.judge(
                instruction, isWhole: settlement.isWhole, among: elsewhere(like: instruction, than: run))
            if verdict != .free { return .judgedByEarlierRun(verdict) }
            return takenBy(intentID: instruction.intentID, in: run)
        }
        for case .open(let attempt) in unit.writes {
            if let taken = takenBy(intentID: attempt.intentID, in: run) { return taken }
            let closesOne = unit.writes.contains { if case .close = $0 { true } else { false } }
            guard !closesOne, let instruction = run.rows[attempt.row]?.instruction else { continue }
            let verdict = EarlierRunRule.judge(
                instruction, isWhole: Ask(restoring: attempt, of: instruction).isWhole,
                among: elsewhere(like: instruction, than: run))
            if verdict != .free { return .judgedByEarlierRun(verdict) }
        }
        return nil
    }

    private func takenBy(intentID: String, in run: MemoryRun) -> UnitResult? {
        let others = others(than: run)
        for other in others {
            if let row = other.unconfirmedRow(intentID: intentID) {
                return .intentTaken(run: other.record.name, row: row, executing: false)
            }
        }
        for other in others {
            if let row = other.openRow(intentID: intentID) {
                let name = other.record.name
                return .intentTaken(run: name, row: row, executing: isExecuting(name))
            }
        }
        return nil
    }

    private func stored(_ run: Int64) throws -> MemoryRun {
        guard stored.indices.contains(Int(run) - 1) else {
            throw MemoryRun.fault("run number \(run) is unknown")
        }
        return stored[Int(run) - 1]
    }

    private func change(_ run: Int64, _ work: (inout MemoryRun) throws -> Void) throws {
        var copy = try stored(run)
        try work(&copy)
        stored[Int(run) - 1] = copy
    }
}

/// The progress of one run in memory.
package struct MemoryCheckpoint: RunStore {
    let store: MemoryRunStore
    let run: Int64

    package func past() async throws -> RunPast { try await store.past(run) }

    package func loadStarted() async throws -> [PendingRow] {
        try await store.pending(run, started: true)
    }

    package func loadWaiting(after cursor: LoadCursor?, limit: Int) async throws -> [PendingRow] {
        let waiting = try await store.pending(run, started: false)
        let later = waiting.filter { row in
            guard let cursor else { return true }
            return (row.priority, row.instruction.row) > (cursor.priority, cursor.row)
        }
        return Array(later.prefix(limit))
    }

    package func commit(_ units: [WriteUnit], calls: CallCounts) async throws -> [UnitResult] {
        try await store.commit(run, units, calls: calls)
    }

    package func begin(actor: String, at time: WallTime) async throws {
        try await store.begin(run, at: time)
    }

    package func end(stoppedBy: StopReason?, at time: WallTime) async throws {
        try await store.end(run, stoppedBy: stoppedBy, at: time)
    }
}

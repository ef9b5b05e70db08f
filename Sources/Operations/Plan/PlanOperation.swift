import Gateways
import Instructions
package import Intake
import Pacing
import Runs
import SQLiteRunStore
package import Settings
import Spool

/// Checks a file, then reads what its intents are now: what each row would do. Sends no money-changing call and keeps
/// no claim on the file.
package struct PlanOperation: Sendable {
    /// Rows that are judged together: their intents are read side by side.
    private static let pageRows = 256

    private let place: Workplace
    private let operation: RunOperation
    private let isFull: Bool

    /// - Parameter isFull: reads every intent, instead of `Plan.readsAtMost`.
    package init(
        _ place: Workplace, job: JobFile?, reading: ReadingChoice = ReadingChoice(),
        expected: ControlTotals? = nil, isFull: Bool
    ) {
        self.place = place
        self.isFull = isFull
        operation = RunOperation(place, job: job, reports: nil, reading: reading, expected: expected)
    }

    /// - Throws: `OperationError` and what the rooms throw.
    package func plan(file path: String) async throws -> PlanResult {
        if let reason = Inbox.reasonToLeave(path) { return .left(path: path, reason: reason) }
        let store = try place.openStore()
        defer { try? store.close() }
        let intake = Intake(store: store, inputsDirectory: place.state.inputs)
        let request = operation.request(for: path)
        switch try await intake.claim(request) {
        case .existing(let run, _): return .existing(file: path, run)
        case .waiting(let totals): return .waiting(file: path, totals: totals)
        case .refused(let refused):
            try await intake.discard(refused)
            return .refused(file: path, refused.check)
        case .checked(let checked):
            do {
                let plan = try await plan(checked, store)
                try await intake.discard(checked)
                try await store.note(entry(plan, request))
                return .planned(plan)
            } catch {
                try await intake.discard(checked)
                throw error
            }
        }
    }

    private func entry(_ plan: Plan, _ request: IntakeRequest) -> AuditEntry {
        var entry = AuditEntry(.planned, at: request.now, actor: request.actor, note: request.note)
        entry.file = plan.input.path
        entry.sha256 = plan.input.sha256
        entry.detail = "\(plan.check.rows) rows, \(plan.reads) intents read"
        return entry
    }

    private func plan(_ checked: CheckedInput, _ store: SQLiteStore) async throws -> Plan {
        let client = try place.account.client(assume: checked.request.rules.assume)
        do {
            let timekeeper = SystemTimekeeper()
            let plan = try await AccountBudget.during(place, store, timekeeper) { budget in
                try await self.plan(checked, store, client, budget, timekeeper)
            }
            try await client.shutdown()
            return plan
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func plan(
        _ checked: CheckedInput, _ store: SQLiteStore, _ client: any GatewayClient,
        _ budget: WindowCallBudget, _ timekeeper: any Timekeeper
    ) async throws -> Plan {
        let (request, settings) = (checked.request, place.account.settings)
        var reads = LiveReads(
            client: client, budget: budget, timekeeper: timekeeper, timeout: settings.timeout,
            concurrency: settings.concurrency)
        var judge = PlanJudge(profile: client.profile, needsExternalData: request.rules.needsExternalData)
        var tally = PlanTally(request.rules.preflight)
        var readsLeft = isFull ? Int.max : Plan.readsAtMost
        var readCount = 0
        var rows = try checked.rows()
        while true {
            let page = try rows.next(upTo: Self.pageRows)
            if page.isEmpty { break }
            let good = page.compactMap(\.instruction)
            let elsewhere = try await store.elsewhere(identity: request.identity, like: good)
            let wanted = Self.wanted(good, elsewhere, judge, upTo: readsLeft)
            let found = try await reads.read(wanted)
            readsLeft -= wanted.count
            readCount += wanted.count
            var others = elsewhere.makeIterator()
            for row in page {
                switch row {
                case .bad(let faulty): judge.noteRejected(faulty)
                case .good(let row):
                    let other = others.next() ?? RowElsewhere()
                    let planned =
                        judge.beforeReading(row, other)
                        ?? judge.judge(row, found[row.intentID] ?? .notRead, other)
                    judge.note(planned)
                    tally.take(planned)
                }
            }
        }
        return Plan(
            file: request.path, input: checked.input, accountName: settings.name, host: place.account.host,
            isPractice: place.account.isPractice, check: checked.check, rows: tally.listed,
            totals: tally.totals, reads: readCount,
            forecast: RunForecast(
                calls: tally.calls, reads: tally.sparableReads, limits: try await budget.forecast().calls,
                pace: reads.averageTime.map { Double(settings.concurrency) / ($0 / .seconds(1)) }),
            plannedAt: timekeeper.now().wall)
    }

    /// The intents of rows that only a read can tell, each once, in file order.
    private static func wanted(
        _ page: [Instruction], _ elsewhere: [RowElsewhere], _ judge: PlanJudge, upTo limit: Int
    ) -> [String] {
        var wanted: [String] = []
        var seen: Set<String> = []
        for (row, other) in zip(page, elsewhere) where wanted.count < limit {
            guard judge.beforeReading(row, other) == nil, seen.insert(row.intentID).inserted else { continue }
            wanted.append(row.intentID)
        }
        return wanted
    }
}

extension CheckedRows.Row {
    fileprivate var instruction: Instruction? {
        if case .good(let row) = self { row } else { nil }
    }
}

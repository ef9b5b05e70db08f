import Instructions
import Pacing
import Runs

/// Runs and their rows in memory; can be told to fail.
actor MemoryStore: RunImport, RunHistory {
    struct Failure: Error {}

    private(set) var rows: [Int64: [Instruction]] = [:]
    private(set) var rejected: [Int64: [RejectedRow]] = [:]
    private var all: [RunRecord] = []
    private var identities: [Int64: AccountIdentity] = [:]
    private var appendsUntilFailure = Int.max

    func fail(afterAppends count: Int) { appendsUntilFailure = count }

    func existingRun(identity: AccountIdentity, sha256: String) async throws -> RunRecord? {
        all.last { identities[$0.id] == identity && $0.input.sha256 == sha256 }
    }

    func create(_ run: NewRun) async throws -> RunRecord {
        let other = try await existingRun(identity: run.identity, sha256: run.input.sha256)
        guard other == nil || (other?.again?.number ?? 0) < (run.again?.number ?? 0) else {
            throw RunStoreError(code: .inputTaken, message: "taken")
        }
        let record = RunRecord(
            id: Int64(all.count + 1), name: run.name, state: .importing, accountName: run.accountName,
            identity: run.identity.text, gateway: run.identity.gateway, job: run.job, input: run.input,
            keyBase: run.keyBase, rules: run.rules, actor: run.actor, note: run.note,
            createdAt: run.createdAt,
            startedAt: nil, endedAt: nil, stoppedBy: nil, rows: 0, executions: 0, calls: CallCounts(),
            again: run.again)
        all.append(record)
        identities[record.id] = run.identity
        return record
    }

    func clearRows(of run: RunRecord) async throws {
        rows[run.id] = nil
        rejected[run.id] = nil
    }

    func append(_ batch: ImportBatch, to run: RunRecord) async throws {
        guard appendsUntilFailure > 0 else { throw Failure() }
        appendsUntilFailure -= 1
        rows[run.id, default: []].append(contentsOf: batch.good)
        rejected[run.id, default: []].append(contentsOf: batch.rejected)
    }

    func finish(_ run: RunRecord, rows count: Int) async throws {
        guard let index = all.firstIndex(where: { $0.id == run.id }),
            (rows[run.id]?.count ?? 0) + (rejected[run.id]?.count ?? 0) == count,
            all[index].state == .importing
        else { throw Failure() }
        all[index].state = .ready
        all[index].rows = count
    }

    func runs() async throws -> [RunRecord] { all.reversed() }
    func run(named prefix: String) async throws -> RunRecord { throw Failure() }
    func sums(of run: RunRecord) async throws -> [OutcomeSum] { [] }
    func settlements(of run: RunRecord, after row: Int, limit: Int) async throws -> [Settlement] { [] }
    func attempts(of run: RunRecord, row: Int) async throws -> [Attempt] { [] }
    func intentIDs(of run: RunRecord, rows: [Int]) async throws -> [Int: String] { [:] }
    func attemptCounts(
        of run: RunRecord, from start: WallTime, every milliseconds: Int64, stretches: Int
    ) async throws -> [Int] { Array(repeating: 0, count: stretches) }
}

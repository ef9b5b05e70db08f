import FoundationEssentials
import InstructionFiles
import Instructions
package import Runs
import Spool

/// Takes an input file in: claims it, checks it, and imports its rows as a run.
///
/// Only the snapshot is read. Whether the content has a run already is decided before the check (contract,
/// section 3). An import that was interrupted is done again from the start of the snapshot.
package struct Intake: Sendable {
    /// Rows of one call to the store: one commit, during which no other process writes. Two batches are in memory at
    /// once, some 3 MB each.
    static let batchRows = 10_000

    private let store: any RunImport & RunHistory
    private let inputsDirectory: String

    /// - Parameter inputsDirectory: where snapshots, import locks and the check's temporary files live; made
    /// if missing.
    package init(store: any RunImport & RunHistory, inputsDirectory: String) {
        self.store = store
        self.inputsDirectory = inputsDirectory
    }

    /// Copies the file into a snapshot, looks for its run and checks it. An interrupted import is finished
    /// here.
    ///
    /// Throws `SpoolError` (with `.locked` while another process imports this input), `FileReadError`,
    /// `IntakeError`, `RunStoreError`, `CancellationError`.
    package func claim(_ request: IntakeRequest) async throws -> ClaimOutcome {
        let claimed = try Claim.claim(path: request.path, into: inputsDirectory)
        let input = Self.input(claimed)
        var again: RunAgain?
        if let run = try await store.existingRun(identity: request.identity, sha256: input.sha256) {
            // What was interrupted is gone on with, so that the same command may be typed again.
            guard let why = request.again, run.state.isOver else {
                return .existing(try await finished(run, request), input)
            }
            again = RunAgain(number: (run.again?.number ?? 0) + 1, why: why)
        }
        let rules = request.checkRules
        if rules.needsTotals, rules.expected == nil, TotalsSidecar.read(beside: request.path) == .missing {
            try await dropSnapshot(claimed)
            return .waiting(totals: TotalsSidecar.path(of: request.path))
        }
        let check = try await check(input.snapshotPath, original: request.path, by: rules)
        guard !check.isRefused else {
            if check.holdsCardNumbers { try await dropSnapshot(claimed) }
            return .refused(
                RefusedInput(
                    request: request, input: input, check: check,
                    name: Self.name(of: request, input, again: again, isRefused: true),
                    claimed: claimed))
        }
        return .checked(
            CheckedInput(request: request, input: input, check: check, again: again, claimed: claimed))
    }

    /// Pass 1, with what the store knows of the rows that a resubmit file comes from.
    private func check(_ path: String, original: String, by rules: CheckRules) async throws -> CheckResult {
        let parents = try await ParentCheck(
            history: store, rules: rules, temporaryDirectory: inputsDirectory
        ).problems(path: path)
        return try FileCheck(rules: rules, temporaryDirectory: inputsDirectory)
            .check(path: path, original: original, parents: parents)
    }

    /// Makes the run and takes its rows into the store; `.existing` when another process made it first.
    ///
    /// Throws as `claim` does. After any error but `.locked` the run is left in state `importing`, to be
    /// finished by the next claim of the same content.
    package func importRows(of checked: CheckedInput) async throws -> IntakeOutcome {
        let (request, input) = (checked.request, checked.input)
        let keyBase = RunName.keyBase(
            identity: request.identity, sha256: input.sha256, again: checked.again?.number ?? 0)
        let lock = try importLock(keyBase)
        defer { lock.release() }
        let new = NewRun(
            name: Self.name(of: request, input, again: checked.again),
            accountName: request.accountName, identity: request.identity, job: request.job, input: input,
            keyBase: keyBase, rules: request.rules, actor: request.actor, note: request.note,
            createdAt: request.now, again: checked.again)
        let run: RunRecord
        do {
            run = try await store.create(new)
        } catch let error as RunStoreError where error.code == .inputTaken {
            let other = try await store.existingRun(identity: request.identity, sha256: input.sha256)
            guard let other else { throw error }
            return .existing(other)
        }
        return .imported(try await fill(run, request.checkRules, checked.check.log), checked.check)
    }

    /// Lets a checked input go that nobody wants to run: its snapshot is deleted unless a run needs it.
    package func discard(_ checked: CheckedInput) async throws {
        try await dropSnapshot(checked.claimed)
    }

    /// Ends with a refused input: its snapshot is deleted unless a run needs it.
    package func discard(_ refused: RefusedInput) async throws {
        try await dropSnapshot(refused.claimed)
    }

    /// The run, its import finished if that was interrupted.
    private func finished(_ run: RunRecord, _ request: IntakeRequest) async throws -> RunRecord {
        guard run.state == .importing else { return run }
        let lock = try importLock(run.keyBase)
        defer { lock.release() }
        // Another process may have finished it before the lock was ours.
        let sha256 = run.input.sha256
        let current = try await store.existingRun(identity: request.identity, sha256: sha256) ?? run
        guard current.state == .importing else { return current }
        try await store.clearRows(of: current)
        var rules = request.checkRules
        rules.reading = current.rules.reading
        let check = try await check(current.input.snapshotPath, original: request.path, by: rules)
        if check.isRefused {
            // It was taken when the run was made: the job allows less now, or the disk lies.
            throw IntakeError.rowsNoLongerGood(run.name, check.problems.first { $0.severity == .error })
        }
        return try await fill(current, rules, check.log)
    }

    /// Pass 2: from the snapshot into the store.
    private func fill(_ run: RunRecord, _ rules: CheckRules, _ log: ProblemLog) async throws -> RunRecord {
        try KeptProblems.keep(log, of: run)
        let reader = try InstructionReader(
            path: run.input.snapshotPath, allowedActions: rules.allowedActions, options: run.rules.reading)
        var source = try RowsToImport(reader, log: log, name: run.name)
        var batches = ImportBatches()
        var rows = 0
        var batch = try Self.next(of: &source, &batches)
        while batch.rows > 0 {
            try Task.checkCancellation()
            // The next rows are read while these are written.
            let read = batch
            async let written: Void = store.append(read, to: run)
            batch = try Self.next(of: &source, &batches)
            try await written
            rows += read.rows
        }
        try await store.finish(run, rows: rows)
        var ready = run
        ready.state = .ready
        ready.rows = rows
        return ready
    }

    /// Empty at the end.
    private static func next(
        of source: inout RowsToImport, _ batches: inout ImportBatches
    ) throws -> ImportBatch {
        while batches.rows < batchRows, let next = try source.next() {
            switch next {
            case .good(let row): batches.add(row)
            case .bad(let row): batches.add(row)
            }
        }
        return batches.take()
    }

    /// Held while rows are written, so that two processes never fill one run. One small file a run stays
    /// behind.
    private func importLock(_ keyBase: String) throws -> DirectoryLock {
        try DirectoryLock.acquire("\(inputsDirectory)/\(keyBase).lock")
    }

    private func dropSnapshot(_ claimed: ClaimedInput) async throws {
        guard try await !isUsed(claimed.sha256) else { return }
        try claimed.deleteSnapshot()
        // Between the look and the deletion another account may have got a run of the same content.
        guard try await isUsed(claimed.sha256) else { return }
        _ = try Claim.claim(path: claimed.originalPath, into: inputsDirectory)
    }

    private func isUsed(_ sha256: String) async throws -> Bool {
        try await store.runs().contains { $0.input.sha256 == sha256 }
    }

    private static func name(
        of request: IntakeRequest, _ input: InputRecord, again: RunAgain?, isRefused: Bool = false
    ) -> String {
        RunName.name(
            at: request.now, job: request.job, fileName: input.name, identity: request.identity,
            sha256: input.sha256, again: again?.number ?? 0, isRefused: isRefused)
    }

    private static func input(_ claimed: ClaimedInput) -> InputRecord {
        let url = URL(fileURLWithPath: claimed.originalPath).standardizedFileURL
        return InputRecord(
            name: url.lastPathComponent, path: url.path, sha256: claimed.sha256,
            byteCount: claimed.byteCount, snapshotPath: claimed.snapshotPath, inode: claimed.inode)
    }
}

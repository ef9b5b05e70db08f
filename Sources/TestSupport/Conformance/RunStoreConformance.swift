import Instructions
import Runs

/// What every implementation of `RunImport`, `RunStore` and `RunHistory` must do. It imports no test library:
/// each check returns what it found wrong.
package enum RunStoreConformance {
    /// Checked on a fresh store, which is told that the runs whose name begins with `alive` are being executed.
    package typealias Rule = ConformanceRule<RunStoreSubject>

    /// What the store under examination is to be told about living processes.
    package static let isExecuting: @Sendable (String) -> Bool = { $0.hasPrefix("alive") }

    package static var rules: [Rule] { importRules + loadRules + commitRules + guardRules + historyRules }

    /// Imports the rows as a new run and begins its execution.
    static func started(
        _ subject: RunStoreSubject, _ rows: [Instruction], name: String = "run", sha256: String? = nil
    ) async throws -> (run: RunRecord, checkpoint: any RunStore) {
        let run = try await imported(subject, rows, name: name, sha256: sha256)
        let checkpoint = try await subject.checkpoint(run)
        try await checkpoint.begin(actor: "ann@host", at: RunStoreSamples.start)
        return (run, checkpoint)
    }

    static func imported(
        _ subject: RunStoreSubject, _ rows: [Instruction], name: String = "run", sha256: String? = nil
    ) async throws -> RunRecord {
        let run = try await subject.runImport.create(RunStoreSamples.newRun(name, sha256: sha256))
        try await subject.runImport.append(RunStoreSamples.batch(rows), to: run)
        try await subject.runImport.finish(run, rows: rows.count)
        return run
    }

    /// Units of these writes, numbered from 1.
    static func units(_ writes: [RunWrite]...) -> [WriteUnit] {
        writes.enumerated().map { WriteUnit(id: $0.offset + 1, writes: $0.element) }
    }

    static let noCalls = CallCounts()
}

extension RunStore {
    /// One commit without calls.
    func commit(_ units: [WriteUnit]) async throws -> [UnitResult] {
        try await commit(units, calls: RunStoreConformance.noCalls)
    }
}

extension [PendingRow] {
    var rowNumbers: [Int] { map(\.instruction.row) }
}

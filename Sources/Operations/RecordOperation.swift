package import Instructions
import Pacing
package import Runs
import SQLiteRunStore

/// Records what a person found out about one unconfirmed row, at the gateway's dashboard for example.
package struct RecordOperation: Sendable {
    private let state: StateLayout
    private let requester: Requester

    package init(state: StateLayout, requester: Requester) {
        self.state = state
        self.requester = requester
    }

    /// - Parameters:
    ///   - outcome: `applied` or `failed`.
    ///   - note: how it is known; kept with the row and in its message.
    /// - Throws: `OperationError` and what the rooms throw.
    package func record(
        _ run: RunRecord, row: Int, as outcome: Outcome, note: String
    ) async throws -> Resolution {
        precondition(outcome == .applied || outcome == .failed, "a person finds a row applied or failed")
        let store = try state.openStore()
        defer { try? store.close() }
        return try await Resolution.during(
            run, store: store, state: state, as: .recorded, by: requester
        ) { run in
            let settled = try await store.settlements(of: run, after: row - 1, limit: 1).first
            guard let settled, settled.row == row else {
                throw OperationError(
                    .missing, "run \(run.name) has no row \(row) with an outcome",
                    next: "intentbatch show \(run.name)")
            }
            guard settled.outcome == .unconfirmed else {
                throw OperationError(
                    .usage,
                    "row \(row) of run \(run.name) is \(settled.outcome.rawValue); only an unconfirmed "
                        + "row takes what a person found", next: "intentbatch show \(run.name)")
            }
            let found = Self.found(settled, outcome, note: "\(requester.name): \(note)")
            let resolution = store.resolution(of: run, actor: requester.name, note: note)
            _ = try await resolution.commit(
                [WriteUnit(id: 1, writes: [.settle(found)])], calls: CallCounts())
            return nil
        }
    }

    private static func found(_ settled: Settlement, _ outcome: Outcome, note: String) -> Settlement {
        var found = Settlement(
            row: settled.row, action: settled.action, outcome: outcome, howKnown: .person,
            finishedAt: SystemTimekeeper().now().wall)
        found.code = "recorded_by_person"
        found.message = note
        found.statusBefore = settled.statusBefore
        found.isWhole = settled.isWhole
        found.asked = settled.asked
        found.applied = outcome == .applied ? settled.asked : nil
        found.attempts = settled.attempts
        found.key = settled.key
        found.gatewayReference = settled.gatewayReference
        return found
    }
}

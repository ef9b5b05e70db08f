package import Instructions
package import Intake
package import Pacing
package import Runs

/// What a file would do if it were run now.
package struct Plan: Sendable {
    /// Rows of one action, currency and effect.
    package struct Total: Hashable, Sendable {
        package let action: Action
        /// nil where no amount is known.
        package let currency: Currency?
        package let effect: PlannedRow.Effect
        package let rows: Int
        /// Minor units; nil when the sum leaves 64 bits.
        package let minorUnits: Int64?
    }

    /// Rows that are listed one by one; the totals have all of them.
    package static let listedAtMost = 10_000
    /// Intents that are read unless all are asked for.
    package static let readsAtMost = 200

    package let file: String
    package let input: InputRecord
    package let accountName: String
    package let host: String
    package let isPractice: Bool
    package let check: CheckResult
    /// In file order, the first ones.
    package let rows: [PlannedRow]
    package let totals: [Total]
    /// Intents that were read.
    package let reads: Int
    /// Of a run that begins now.
    package let forecast: RunForecast
    package let plannedAt: WallTime

    /// Rows that a plan cannot tell because their intents were not read.
    package var notRead: Int { totals.filter { $0.effect == .notRead }.reduce(0) { $0 + $1.rows } }
    package var unlisted: Int { totals.reduce(0) { $0 + $1.rows } - rows.count }
}

/// What came of planning one file.
package enum PlanResult: Sendable {
    case planned(Plan)
    /// As in `RunResult`.
    case refused(file: String, CheckResult)
    case waiting(file: String, totals: String)
    case left(path: String, reason: String)
    /// This input has that run already.
    case existing(file: String, RunRecord)
}

/// Adds planned rows up.
struct PlanTally {
    private struct Key: Hashable {
        let action: Action
        let currency: Currency?
        let effect: PlannedRow.Effect
    }

    private let preflight: RunRules.Preflight
    private var sums: [Key: (rows: Int, minorUnits: Int128)] = [:]
    private(set) var listed: [PlannedRow] = []
    /// Rows that a read settles: only that call is made for them.
    private var readOnly = 0
    /// Rows that take a change as well.
    private var changing = 0
    /// Rows that a run reads before anyone knows.
    private var unread = 0
    private var hasOthers = false

    init(_ preflight: RunRules.Preflight) { self.preflight = preflight }

    /// Calls that a run would make for the rows; of those that were not read, by what was found of the others.
    var calls: Int {
        let known = CallEstimate(readOnly: readOnly, others: changing)
        return known.taken(preflight) + known.calls(rows: unread, preflight)
    }

    /// Reads among those calls that `preflight: never` would spare; none where a row is no whole cancel, as it is not
    /// allowed then (contract, section 4).
    var sparableReads: Int { hasOthers ? 0 : calls - readOnly - changing - unread }

    mutating func take(_ planned: PlannedRow) {
        if listed.count < Plan.listedAtMost { listed.append(planned) }
        let key = Key(
            action: planned.instruction.action, currency: planned.amount?.currency, effect: planned.effect)
        let sum = sums[key, default: (0, 0)]
        sums[key] = (sum.rows + 1, sum.minorUnits + Int128(planned.amount?.minorUnits ?? 0))
        switch planned.effect {
        case .notRead, .afterRow: unread += 1
        case .wouldApply, .pending, .unreadable: changing += 1
        case .alreadyApplied, .rejected:
            // Without a status an earlier run settles it, or another row: no call is made.
            if planned.status != nil || planned.code == "intent_not_found" { readOnly += 1 }
        }
        if planned.instruction.action != .cancel { hasOthers = true }
        if case .exactly = planned.instruction.requested { hasOthers = true }
    }

    var totals: [Plan.Total] {
        let effects = PlannedRow.Effect.allCases
        return sums.map { key, sum in
            Plan.Total(
                action: key.action, currency: key.currency, effect: key.effect, rows: sum.rows,
                minorUnits: Int64(exactly: sum.minorUnits))
        }.sorted { left, right in
            func order(_ total: Plan.Total) -> (Int, String, String) {
                // No code sorts after `~`.
                (
                    effects.firstIndex(of: total.effect) ?? 0, total.action.rawValue,
                    total.currency?.code ?? "~"
                )
            }
            return order(left) < order(right)
        }
    }
}

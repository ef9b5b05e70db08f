import Instructions
import Runs

/// Says what rows would do, in file order: the rules of a run, applied without acting. A value without I/O.
///
/// Keeps an entry for each intent of a row that was judged, some 100 bytes.
struct PlanJudge {
    /// What was found out about an intent by reading it.
    enum Reading: Hashable, Sendable {
        case intent(PaymentIntent)
        case notFound
        /// Why, for people.
        case unreadable(String)
        /// No read was left for it.
        case notRead
    }

    private let stateRules: StateRules
    private var met: [String: (row: Int, effect: PlannedRow.Effect, actions: Set<Action>)] = [:]

    init(profile: GatewayProfile, needsExternalData: Bool) {
        stateRules = StateRules(profile: profile, needsExternalData: needsExternalData)
    }

    /// What is known of a row before its intent is read; nil when only a read can tell. The order is that of a run.
    func beforeReading(_ row: Instruction, _ elsewhere: RowElsewhere) -> PlannedRow? {
        if let earlier = met[row.intentID] {
            switch earlier.effect {
            case .alreadyApplied:
                break
            case .rejected:
                let rejection = Rejection.earlierRowNotApplied(row: earlier.row, outcome: .rejected)
                return rejected(row, rejection)
            case .wouldApply, .pending, .afterRow, .notRead, .unreadable:
                return PlannedRow(
                    row, .afterRow, message: "row \(earlier.row) on the same intent comes first")
            }
        }
        let isWhole: Bool? = row.requested.isEverything ? true : nil
        return planned(row, EarlierRunRule.judge(row, isWhole: isWhole, among: elsewhere.rows))
    }

    func judge(_ row: Instruction, _ reading: Reading, _ elsewhere: RowElsewhere) -> PlannedRow {
        switch reading {
        case .notRead: return PlannedRow(row, .notRead)
        case .unreadable(let why): return PlannedRow(row, .unreadable, message: why)
        case .notFound: return rejected(row, .intentNotFound)
        case .intent(let intent):
            let isRepeated = met[row.intentID]?.actions.contains(row.action) ?? false
            let verdict = stateRules.judge(row, against: intent, sameActionInFile: isRepeated)
            if let planned = byOtherRun(row, verdict, elsewhere, status: intent.status) { return planned }
            switch verdict {
            case .pending: return PlannedRow(row, .pending, status: intent.status)
            case .rejected(let rejection): return rejected(row, rejection, status: intent.status)
            case .alreadyApplied(let ask):
                return PlannedRow(row, .alreadyApplied, amount: ask.amount, status: intent.status)
            case .act(let ask):
                return PlannedRow(row, .wouldApply, amount: ask.amount, status: intent.status)
            }
        }
    }

    /// Whatever the state says, it may be another run's doing.
    private func byOtherRun(
        _ row: Instruction, _ verdict: StateRules.Verdict, _ elsewhere: RowElsewhere, status: String
    ) -> PlannedRow? {
        let isWhole: Bool? =
            switch verdict {
            case .pending: nil
            case .rejected: row.requested.isEverything ? true : nil
            case .alreadyApplied(let ask), .act(let ask): ask.isWhole
            }
        if case .pending = verdict { return nil }
        let other = EarlierRunRule.judge(row, isWhole: isWhole, among: elsewhere.rows)
        if let planned = planned(row, other, status: status) { return planned }
        return elsewhere.unsettled.map {
            rejected(row, .intentTaken(run: $0.run, row: $0.row), status: status)
        }
    }

    /// Later rows on the intent are judged with this one in mind.
    mutating func note(_ planned: PlannedRow) {
        let row = planned.instruction
        let actions = met[row.intentID]?.actions ?? []
        met[row.intentID] = (row.row, planned.effect, actions.union([row.action]))
    }

    /// A row that the check of the file rejects comes before later ones on its intent too.
    mutating func noteRejected(_ row: FaultyRow) {
        guard let intentID = row.intentID, !intentID.isEmpty else { return }
        let actions = (met[intentID]?.actions ?? []).union(row.action.map { [$0] } ?? [])
        met[intentID] = (row.row, .rejected, actions)
    }

    private func planned(
        _ row: Instruction, _ verdict: EarlierRunRule.Verdict, status: String? = nil
    ) -> PlannedRow? {
        switch verdict {
        case .free: return nil
        case .rejected(let rejection): return rejected(row, rejection, status: status)
        case .alreadyApplied(let other):
            let why = Rejection.appliedByEarlierRun(other)
            return PlannedRow(row, .alreadyApplied, status: status, code: why.code, message: why.message)
        }
    }

    private func rejected(
        _ row: Instruction, _ rejection: Rejection, status: String? = nil
    ) -> PlannedRow {
        PlannedRow(row, .rejected, status: status, code: rejection.code, message: rejection.message)
    }
}

import Instructions
import Pacing
import Runs

/// What a person does with a run: resolves its unconfirmed rows, or gives it up.
extension SimulatedStore {
    func unconfirmed(_ run: Int, after cursor: LoadCursor?, limit: Int) -> [PendingRow] {
        let rows = runs[run].rows.filter { $0.settlement?.outcome == .unconfirmed }
            .map { pending($0, of: run) }
            .sorted { ($0.priority, $0.instruction.row) < ($1.priority, $1.instruction.row) }
        return Array(page(rows, after: cursor).prefix(limit))
    }

    /// Outcomes of rows that are unconfirmed, and nothing else.
    mutating func resolve(_ units: [WriteUnit], of run: Int) throws(Violation) -> [UnitResult] {
        for unit in units {
            for write in unit.writes {
                guard case .settle(let settlement) = write,
                    runs[run][settlement.row].settlement?.outcome == .unconfirmed
                else {
                    throw Violation(.settledOnce, "resolving writes more than outcomes of unconfirmed rows")
                }
                runs[run][settlement.row].settlement = settlement
                wrote(at: settlement.finishedAt)
            }
        }
        return units.map { _ in .committed(released: []) }
    }

    /// For good: rows with an open attempt are unconfirmed, the others not sent.
    mutating func abandon(_ run: Int, at time: WallTime) {
        for index in runs[run].rows.indices where runs[run].rows[index].settlement == nil {
            let row = runs[run].rows[index]
            let open = row.attempts.firstIndex { $0.answer == nil }
            if let open { runs[run].rows[index].attempts[open].answer = .ambiguous }
            var settlement = Settlement(
                row: row.instruction.row, action: row.instruction.action,
                outcome: open == nil ? .notSent : .unconfirmed, howKnown: open == nil ? .rule : .none,
                finishedAt: time)
            settlement.code = "abandoned"
            runs[run].rows[index].settlement = settlement
        }
        wrote(at: time)
    }
}

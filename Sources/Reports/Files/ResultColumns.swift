import InstructionFiles
import Instructions
import Pacing
import Runs

/// The columns that results and resubmit files add to the input's (contract, section 6). Columns are only
/// ever added at the end.
enum ResultColumns {
    static let names = [
        "result_run", "result_row", "result_line", "result_outcome", "result_code", "result_message",
        "result_how_known", "result_status_before", "result_status_after", "result_amount_applied",
        "result_amount_remaining", "result_currency", "result_attempts", "result_key",
        "result_gateway_reference", "result_gateway_code", "result_http_status", "result_finished_at",
    ]

    /// What a row of a resubmit file was before; only in the report of such a file.
    static let lineage = ["result_parent_run", "result_parent_row"]

    /// The cells of a row whose file was refused: nothing was sent, so nothing is known of the intent.
    static func add(
        _ verdict: RefusedRow, of record: LentRecord, run: String, time: WallTime, to writer: RecordWriter
    ) {
        writer.add(run)
        writer.add(record.row)
        writer.add(record.line)
        for text in [verdict.outcome.rawValue, verdict.code, verdict.message, HowKnown.rule.rawValue] {
            writer.add(text)
        }
        for _ in 8..<names.count { writer.addNothing() }
        UTCText.withBytes(of: time) { writer.add($0) }
    }

    static func add(_ lineage: Lineage?, to writer: RecordWriter) {
        if let lineage {
            writer.add(lineage.run)
            writer.add(lineage.row)
        } else {
            writer.addNothing()
            writer.addNothing()
        }
    }
}

/// Adds the cells of `ResultColumns.names`, of one run's settled rows. Amounts have the input's decimal mark.
struct ResultCells {
    private let writer: RecordWriter
    private let run: PreparedCell
    private let decimalMark: UInt8
    // Of the row before: the next one mostly says the same.
    private var outcome: (word: Outcome, cell: PreparedCell)
    private var howKnown: (word: HowKnown, cell: PreparedCell)

    init(run: String, decimal: ReadOptions.DecimalMark, to writer: RecordWriter) {
        self.writer = writer
        self.run = writer.prepared(run)
        decimalMark = UInt8(ascii: decimal == .comma ? "," : ".")
        outcome = (.applied, writer.prepared(Outcome.applied.rawValue))
        howKnown = (.response, writer.prepared(HowKnown.response.rawValue))
    }

    mutating func add(_ settled: SettledRow, line: Int) {
        let facts = settled.facts
        if facts.outcome != outcome.word {
            outcome = (facts.outcome, writer.prepared(facts.outcome.rawValue))
        }
        if facts.howKnown != howKnown.word {
            howKnown = (facts.howKnown, writer.prepared(facts.howKnown.rawValue))
        }
        writer.add(run)
        writer.add(facts.row)
        writer.add(line)
        writer.add(outcome.cell)
        writer.add(settled.code)
        writer.add(settled.message)
        writer.add(howKnown.cell)
        writer.add(settled.statusBefore)
        writer.add(settled.statusAfter)
        add(facts.applied)
        add(facts.remaining)
        if let money = facts.applied ?? facts.asked ?? facts.remaining {
            writer.add(money.currency.code)
        } else {
            writer.addNothing()
        }
        writer.add(facts.attempts)
        writer.add(settled.key)
        writer.add(settled.gatewayReference)
        writer.add(settled.gatewayCode)
        if let status = facts.httpStatus { writer.add(status) } else { writer.addNothing() }
        UTCText.withBytes(of: facts.finishedAt) { writer.add($0) }
    }

    private func add(_ money: Money?) {
        guard let money else { return writer.addNothing() }
        money.withMajorText(decimalMark: decimalMark) { writer.add($0) }
    }
}

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

    /// Adds the cells of one row in the order of `names`. Amounts have the input's decimal mark.
    static func add(
        _ settled: SettledRow, line: Int, run: String, decimal: ReadOptions.DecimalMark,
        to writer: RecordWriter
    ) {
        let facts = settled.facts
        writer.add(run)
        writer.add(facts.row)
        writer.add(line)
        writer.add(facts.outcome.rawValue)
        writer.add(settled.code)
        writer.add(settled.message)
        writer.add(facts.howKnown.rawValue)
        writer.add(settled.statusBefore)
        writer.add(settled.statusAfter)
        add(facts.applied, decimal, to: writer)
        add(facts.remaining, decimal, to: writer)
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

    private static func add(
        _ money: Money?, _ decimal: ReadOptions.DecimalMark, to writer: RecordWriter
    ) {
        guard let money else { return writer.addNothing() }
        money.withMajorText(decimalMark: UInt8(ascii: decimal == .comma ? "," : ".")) { writer.add($0) }
    }
}

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

    /// The cells of one row in the order of `names`. Amounts have the input's decimal mark.
    static func cells(
        of settlement: Settlement, line: Int, run: String, decimal: ReadOptions.DecimalMark
    ) -> [AddedCell] {
        let currency = (settlement.applied ?? settlement.asked ?? settlement.remaining)?.currency.code
        return [
            .text(run), number(settlement.row), number(line), .text(settlement.outcome.rawValue),
            text(settlement.code), text(settlement.message), .text(settlement.howKnown.rawValue),
            text(settlement.statusBefore), text(settlement.statusAfter),
            amount(settlement.applied, decimal), amount(settlement.remaining, decimal), text(currency),
            number(settlement.attempts), text(settlement.key), text(settlement.gatewayReference),
            text(settlement.gatewayCode), settlement.httpStatus.map(number) ?? .nothing,
            .text(UTCText.of(settlement.finishedAt)),
        ]
    }

    /// The cells of a row whose file was refused: nothing was sent, so nothing is known of the intent.
    static func cells(
        of row: RefusedRow, at record: FileRecord, run: String, time: WallTime
    ) -> [AddedCell] {
        let known: [AddedCell] = [
            .text(run), number(record.row), number(record.line), .text(row.outcome.rawValue),
            .text(row.code), .text(row.message), .text(HowKnown.rule.rawValue),
        ]
        let nothing = Array(repeating: AddedCell.nothing, count: names.count - known.count - 1)
        return known + nothing + [.text(UTCText.of(time))]
    }

    static func lineageCells(_ lineage: Lineage?) -> [AddedCell] {
        guard let lineage else { return [.nothing, .nothing] }
        return [.text(lineage.run), number(lineage.row)]
    }

    private static func number(_ value: Int) -> AddedCell { .number(String(value)) }

    private static func text(_ value: String?) -> AddedCell { value.map(AddedCell.text) ?? .nothing }

    private static func amount(_ money: Money?, _ decimal: ReadOptions.DecimalMark) -> AddedCell {
        guard let text = money?.majorText else { return .nothing }
        return .text(decimal == .comma ? text.replacing(".", with: ",") : text)
    }
}

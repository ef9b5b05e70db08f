import Instructions
import Pacing
import Runs

/// The columns that a results file adds to the input's (contract, section 6). Columns are only ever added at
/// the end.
enum ResultColumns {
    static let names = [
        "result_run", "result_row", "result_line", "result_outcome", "result_code", "result_message",
        "result_how_known", "result_status_before", "result_status_after", "result_amount_applied",
        "result_amount_remaining", "result_currency", "result_attempts", "result_key",
        "result_gateway_reference", "result_gateway_code", "result_http_status", "result_finished_at",
    ]

    /// The cells of one row in the order of `names`; what is not known is empty.
    static func cells(of settlement: Settlement, line: Int, run: String) -> [String] {
        let currency = (settlement.applied ?? settlement.asked ?? settlement.remaining)?.currency.code
        return [
            run, String(settlement.row), String(line), settlement.outcome.rawValue, settlement.code ?? "",
            settlement.message ?? "", settlement.howKnown.rawValue, settlement.statusBefore ?? "",
            settlement.statusAfter ?? "", settlement.applied?.majorText ?? "",
            settlement.remaining?.majorText ?? "", currency ?? "", String(settlement.attempts),
            settlement.key ?? "", settlement.gatewayReference ?? "", settlement.gatewayCode ?? "",
            settlement.httpStatus.map(String.init) ?? "", UTCText.of(settlement.finishedAt),
        ]
    }
}

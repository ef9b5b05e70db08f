import Instructions
import Intake
import JSON
import Operations
import Pacing
import Runs

/// A plan for people and programs.
enum PlanText {
    static func lines(_ plan: Plan) -> [String] {
        let mark = plan.isPractice ? "PRACTICE" : "LIVE"
        var lines = ["plan of \(plan.file): \(mark), \(plan.host), account \(plan.accountName)"]
        let listed = plan.rows.filter { $0.effect != .notRead }
        lines += table(listed)
        let further = plan.unlisted + plan.rows.count - listed.count
        if further > 0 { lines.append("  and \(counted(further, "further row")), counted below") }
        lines += plan.totals.map { "  " + total($0) }
        if plan.check.badRows > 0 {
            lines.append("  rejected by the check of the file: \(counted(plan.check.badRows, "row"))")
        }
        let limit = plan.notRead > 0 ? " (at most \(Plan.readsAtMost); --full reads all)" : ""
        lines.append(
            "  read: \(counted(plan.reads, "intent")); "
                + "not judged by their state: \(counted(plan.notRead, "row"))\(limit)")
        lines.append("  " + forecast(plan.forecast, from: plan.plannedAt))
        return lines
    }

    private static func table(_ rows: [PlannedRow]) -> [String] {
        let cells =
            [["row", "action", "intent_id", "amount", "status", "would be"]]
            + rows.map { row in
                let why = row.code ?? ""
                return [
                    "\(row.instruction.row)", row.instruction.action.rawValue, row.instruction.intentID,
                    row.amount.map(TraceText.money) ?? "the whole", row.status ?? "–",
                    row.effect.rawValue + (why.isEmpty ? "" : ": \(why)")
                        + (row.message.map { " (\($0))" } ?? ""),
                ]
            }
        var widths = [Int](repeating: 0, count: cells[0].count)
        for row in cells {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
        }
        return cells.map { row in
            let padded = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            return ("  " + padded.dropLast().joined(separator: "  ") + "  " + (row.last ?? ""))
        }
    }

    private static func total(_ total: Plan.Total) -> String {
        let rows = counted(total.rows, "row")
        let start = "\(total.effect.rawValue): \(total.action.rawValue)"
        guard let currency = total.currency else { return "\(start), amount not known: \(rows)" }
        let sum = total.minorUnits.map { Money(minorUnits: $0, currency: currency).majorText }
        return "\(start) \(currency.code): \(rows), \(sum ?? "beyond 64 bits")"
    }

    private static func forecast(_ forecast: RunForecast, from now: WallTime) -> String {
        "a run needs about \(forecast.calls) calls and at least \(duration(forecast.duration)): it ends "
            + forecast.text(from: now)
    }

    /// `0s`, `45s`, `2h5m`.
    static func duration(_ duration: Duration) -> String {
        let seconds = Int((duration / .seconds(1)).rounded(.up))
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
        let text = parts.filter { $0.0 > 0 }.prefix(2).map { "\($0.0)\($0.1)" }.joined()
        return text.isEmpty ? "0s" : text
    }

    // MARK: For programs

    static func json(_ plan: Plan) -> JSONValue {
        var object = JSONObject()
        object["file"] = .string(plan.file)
        object["sha256"] = .string(plan.input.sha256)
        object["account"] = .string(plan.accountName)
        object["host"] = .string(plan.host)
        object["practice"] = .bool(plan.isPractice)
        object["rows"] = .number("\(plan.check.rows)")
        object["bad_rows"] = .number("\(plan.check.badRows)")
        object["reads"] = .number("\(plan.reads)")
        object["not_read"] = .number("\(plan.notRead)")
        object["unlisted"] = .number("\(plan.unlisted)")
        object["planned"] = .array(plan.rows.map(json))
        object["totals"] = .array(plan.totals.map(json))
        object["calls"] = .number("\(plan.forecast.calls)")
        object["seconds"] = seconds(plan.forecast.duration)
        object["ends_at"] = .string(UTCText.of(plan.plannedAt.advanced(by: plan.forecast.duration)))
        object["binding_limit"] = .orNull(plan.forecast.binding?.text)
        object["seconds_without_reads"] = plan.forecast.withoutReads.map(seconds) ?? .null
        return .object(object)
    }

    private static func seconds(_ duration: Duration) -> JSONValue {
        .number("\(Int((duration / .seconds(1)).rounded(.up)))")
    }

    private static func json(_ row: PlannedRow) -> JSONValue {
        [
            "row": .number("\(row.instruction.row)"), "line": .number("\(row.instruction.line)"),
            "action": .string(row.instruction.action.rawValue),
            "intent_id": .string(row.instruction.intentID), "effect": .string(row.effect.rawValue),
            "amount": .orNull(row.amount?.majorText),
            "currency": .orNull(row.amount?.currency.code), "status": .orNull(row.status),
            "code": .orNull(row.code), "message": .orNull(row.message),
        ]
    }

    private static func json(_ total: Plan.Total) -> JSONValue {
        let sum = total.currency.flatMap { currency in
            total.minorUnits.map { Money(minorUnits: $0, currency: currency).majorText }
        }
        return [
            "effect": .string(total.effect.rawValue), "action": .string(total.action.rawValue),
            "currency": .string(total.currency?.code ?? "none"), "rows": .number("\(total.rows)"),
            "sum": .orNull(sum),
        ]
    }
}

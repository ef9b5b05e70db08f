import Instructions
import JSON
import Pacing
import Runs

/// All that is known of one payment, for people and programs.
enum TraceText {
    static func lines(_ trace: PaymentTrace) -> [String] {
        let (run, row) = (trace.run, trace.instruction)
        var lines = [
            "run \(run.name) (\(run.state.rawValue)), account \(run.accountName)"
                + (run.job.map { ", job \($0)" } ?? ""),
            "  file \(run.input.path), row \(row.row), line \(row.line)",
            "  asked: \(asked(row))",
        ]
        for sent in trace.sent { lines += attempt(sent).map { "  " + $0 } }
        for resolved in trace.resolved {
            let note = resolved.note.map { "; note: \($0)" } ?? ""
            lines.append(
                "  was: \(outcome(resolved.before)); settled at \(UTCText.of(resolved.at)) by \(resolved.actor) "
                    + "for revision \(resolved.revision)\(note)")
        }
        guard let settlement = trace.settlement else { return lines + ["  outcome: none yet"] }
        lines.append("  outcome: \(outcome(settlement)), at \(UTCText.of(settlement.finishedAt))")
        if settlement.statusBefore != nil || settlement.statusAfter != nil {
            let before = settlement.statusBefore ?? "not read"
            lines.append("  intent: \(before) before, \(settlement.statusAfter ?? "not read") after")
        }
        if let applied = settlement.applied { lines.append("  applied: \(money(applied))") }
        return lines
    }

    private static func asked(_ row: Instruction) -> String {
        var text = "\(row.action.rawValue) "
        switch row.requested {
        case .everything: text += "the whole"
        case .exactly(let amount): text += money(amount)
        }
        text += " of intent \(row.intentID)"
        if let reference = row.reference { text += ", reference \(reference)" }
        if let reason = row.reason { text += ", reason \"\(reason)\"" }
        return text
    }

    private static func attempt(_ sent: PaymentTrace.Sent) -> [String] {
        let attempt = sent.attempt
        var lines = [
            "attempt \(attempt.number), key \(attempt.key): written \(UTCText.of(attempt.openedAt)), "
                + "\(attempt.action.rawValue) \(attempt.amount.map(money) ?? "the whole")"
        ]
        if let snapshot = attempt.snapshot {
            let captured = snapshot.captured.map { ", captured \($0) minor units" } ?? ""
            lines.append("  read before: \(snapshot.status), \(money(snapshot.amount))\(captured)")
        }
        guard let answer = attempt.answer else { return lines + ["  answer: none known, still open"] }
        let facts = [
            sent.httpStatus.map { "HTTP \($0)" }, sent.gatewayCode.map { "code \($0)" },
            sent.closedAt.map { UTCText.of($0) },
        ].compactMap { $0 }
        lines.append("  answer: \(([answer.rawValue] + facts).joined(separator: ", "))")
        return lines
    }

    private static func outcome(_ settlement: Settlement) -> String {
        let why = [settlement.code, settlement.message].compactMap { $0 }.joined(separator: ": ")
        return "\(settlement.outcome.rawValue), known by \(settlement.howKnown.rawValue)"
            + (why.isEmpty ? "" : " (\(why))")
    }

    static func money(_ money: Money) -> String { "\(money.majorText) \(money.currency.code)" }

    // MARK: For programs

    static func json(_ trace: PaymentTrace) -> JSONValue {
        let (run, row) = (trace.run, trace.instruction)
        var object = JSONObject()
        object["run"] = .string(run.name)
        object["state"] = .string(run.state.rawValue)
        object["job"] = .orNull(run.job)
        object["account"] = .string(run.accountName)
        object["identity"] = .string(run.identity)
        object["file"] = .string(run.input.path)
        object["sha256"] = .string(run.input.sha256)
        object["row"] = .number("\(row.row)")
        object["line"] = .number("\(row.line)")
        object["action"] = .string(row.action.rawValue)
        object["intent_id"] = .string(row.intentID)
        object["reference"] = .orNull(row.reference)
        object["amount"] = amount(row.requested)
        object["currency"] = .orNull(row.requested.currency?.code)
        object["attempts"] = .array(trace.sent.map(json))
        object["outcome"] = trace.settlement.map(json) ?? .null
        object["resolutions"] = .array(trace.resolved.map(json))
        return .object(object)
    }

    private static func amount(_ requested: RequestedAmount) -> JSONValue {
        guard case .exactly(let money) = requested else { return .string("all") }
        return .string(money.majorText)
    }

    private static func json(_ sent: PaymentTrace.Sent) -> JSONValue {
        let attempt = sent.attempt
        var object = JSONObject()
        object["number"] = .number("\(attempt.number)")
        object["key"] = .string(attempt.key)
        object["written_at"] = .string(UTCText.of(attempt.openedAt))
        object["amount"] = .orNull(attempt.amount?.majorText)
        object["currency"] = .orNull(attempt.amount?.currency.code)
        object["body"] = .string(String(decoding: attempt.body, as: UTF8.self))
        object["status_read_before"] = .orNull(attempt.snapshot?.status)
        object["answer"] = .orNull(attempt.answer?.rawValue)
        object["answered_at"] = .orNull(sent.closedAt.map(UTCText.of))
        object["http_status"] = .orNull(sent.httpStatus)
        object["gateway_code"] = .orNull(sent.gatewayCode)
        return .object(object)
    }

    private static func json(_ settlement: Settlement) -> JSONValue {
        [
            "outcome": .string(settlement.outcome.rawValue),
            "how_known": .string(settlement.howKnown.rawValue),
            "code": .orNull(settlement.code), "message": .orNull(settlement.message),
            "status_before": .orNull(settlement.statusBefore),
            "status_after": .orNull(settlement.statusAfter),
            "amount_applied": .orNull(settlement.applied?.majorText),
            "currency": .orNull((settlement.applied ?? settlement.asked)?.currency.code),
            "finished_at": .string(UTCText.of(settlement.finishedAt)),
        ]
    }

    private static func json(_ resolved: PaymentTrace.Resolved) -> JSONValue {
        [
            "revision": .number("\(resolved.revision)"), "by": .string(resolved.actor),
            "note": .orNull(resolved.note), "at": .string(UTCText.of(resolved.at)),
            "before": json(resolved.before),
        ]
    }
}

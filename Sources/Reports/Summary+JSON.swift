import Instructions
package import JSON
import Pacing
import Runs

extension Summary {
    /// The object of `summary.json`, `"format": 1`. Members are only ever added.
    package var json: JSONValue {
        // Member by member: one big literal takes the compiler too long.
        var object = JSONObject()
        object["format"] = 1
        object["run"] = .string(run.name)
        object["revision"] = Self.number(run.revision)
        object["supersedes"] = .orNull(run.supersededFolder)
        object["job"] = .orNull(run.job)
        object["account"] = accountJSON
        object["input"] = inputJSON
        object["state"] = .string(state)
        object["times"] = timesJSON
        object["rows"] = Self.number(run.rows)
        object["counts"] = countsJSON
        object["open"] = Self.number(open)
        object["tie_out"] = tieOutJSON
        object["sums"] = .array(sums.map(Self.sumJSON))
        object["calls"] = [
            "changes": Self.number(run.calls.changes), "reads": Self.number(run.calls.reads),
        ]
        object["retries"] = Self.number(run.calls.retries)
        object["rate_used"] = rateJSON
        object["executions"] = Self.number(run.executions)
        object["unconfirmed"] = unconfirmedJSON
        object["warnings"] = .array(warnings.map { .string($0) })
        object["exit_code"] = exitCode.map(Self.number) ?? .null
        if let again = run.again {
            object["again"] = ["number": Self.number(again.number), "why": .string(again.why)]
        }
        object["stopped_by"] = .orNull(run.state == .stopped ? run.stoppedBy?.rawValue : nil)
        if let findings { add(findings, to: &object) }
        return .object(object)
    }

    private func add(_ findings: ReportFindings, to object: inout JSONObject) {
        let codes = findings.problems.entries.map { entry -> JSONValue in
            [
                "code": .string(entry.code), "severity": .string(entry.severity.rawValue),
                "count": Self.number(entry.count),
            ]
        }
        object["problems"] = [
            "errors": Self.number(findings.problems.errorCount),
            "warnings": Self.number(findings.problems.warningCount), "by_code": .array(codes),
        ]
        object["resubmit"] =
            findings.resubmit.map { ["file": .string($0.file), "rows": Self.number($0.rows)] } ?? .null
        let parents = findings.parents.parents.map { parent -> JSONValue in
            ["run": .string(parent.run), "rows": Self.number(parent.rows)]
        }
        object["parents"] = .array(parents)
        object["calls_over_time"] =
            findings.calls.map { calls in
                [
                    "start": .string(UTCText.of(calls.start)),
                    "milliseconds": .number(String(calls.milliseconds)),
                    "changes": .array(calls.counts.map(Self.number)),
                ]
            } ?? .null
    }

    private var rateJSON: JSONValue {
        guard let rate = CallRate(run) else { return .null }
        return [
            "calls": Self.number(rate.calls), "seconds": .string(rate.seconds),
            "calls_per_second": .orNull(rate.perSecond),
        ]
    }

    private var accountJSON: JSONValue {
        [
            "name": .string(run.accountName), "identity": .string(run.identity),
            "gateway": .string(run.gateway),
        ]
    }

    private var inputJSON: JSONValue {
        [
            "name": .string(run.input.name), "path": .string(run.input.path),
            "sha256": .string(run.input.sha256), "bytes": .number(String(run.input.byteCount)),
        ]
    }

    private var timesJSON: JSONValue {
        [
            "created": .string(UTCText.of(run.createdAt)),
            "started": .orNull(run.startedAt.map(UTCText.of)),
            "ended": .orNull(run.endedAt.map(UTCText.of)),
        ]
    }

    private var countsJSON: JSONValue {
        let counts = counts
        var object = JSONObject()
        for outcome in Outcome.allCases {
            object[outcome.rawValue] = Self.number(counts[outcome, default: 0])
        }
        return .object(object)
    }

    private var tieOutJSON: JSONValue {
        ["rows": Self.number(run.rows), "sum_of_outcomes": Self.number(settled), "ties": .bool(ties)]
    }

    private static func sumJSON(_ sum: OutcomeSum) -> JSONValue {
        func major(_ minorUnits: Int64) -> JSONValue {
            .string(sum.currency.map { Money(minorUnits: minorUnits, currency: $0).majorText } ?? "0")
        }
        return [
            "action": .string(sum.action?.rawValue ?? "none"),
            "currency": .string(sum.currency?.code ?? "none"),
            "outcome": .string(sum.outcome.rawValue), "rows": number(sum.rows), "asked": major(sum.asked),
            "applied": major(sum.applied),
        ]
    }

    private var unconfirmedJSON: JSONValue {
        let listed = unconfirmed.map { row -> JSONValue in
            ["row": Self.number(row.row), "intent_id": .string(row.intentID), "key": .string(row.key)]
        }
        let count = counts[.unconfirmed, default: 0]
        return [
            "rows": Self.number(count), "listed": .array(listed),
            "how_to_resolve": count == 0 ? .null : .string(howToResolve),
        ]
    }

    /// What a person does about unconfirmed rows.
    var howToResolve: String {
        "Each of these may have taken effect. Type `intentbatch resolve \(run.name)`: it reads the intents again and "
            + "sends nothing. What stays unconfirmed, look up at the gateway by its id (status and captured or "
            + "cancelled amount), then record it: `intentbatch resolve \(run.name) --row N --as applied|failed "
            + "--note TEXT`. Never hand the row in again before that."
    }

    private static func number(_ value: Int) -> JSONValue { .number(String(value)) }
}

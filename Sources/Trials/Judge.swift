import Instructions

/// Compares reports with the gateway's ledger and with what was expected of each row.
package struct Judge: Sendable {
    /// Outcomes that a row may have instead of the expected one, because of what was done to it: `declined` where
    /// the gateway itself refused, say. The effects must fit them all the same.
    package var tolerated: Set<String> = []

    package init(tolerated: Set<String> = []) { self.tolerated = tolerated }

    package func tally(
        results: [ReportedRow], expected: [ReportedRow], ledger: GatewayLedger
    ) -> Tally {
        var tally = Tally()
        tally.rows = expected.count
        tally.attempted = ledger.attempted
        tally.struck = ledger.struck
        tally.applied = ledger.effects.count
        compareRows(results, expected, &tally)
        compareEffects(results, expected, ledger, &tally)
        return tally
    }

    private func compareRows(_ results: [ReportedRow], _ expected: [ReportedRow], _ tally: inout Tally) {
        let byRow = Dictionary(grouping: results, by: \.row)
        for wanted in expected {
            guard let found = byRow[wanted.row], let result = found.first else {
                tally.lost += 1
                tally.note("row \(wanted.row) is not in the report")
                continue
            }
            if ["stored_response", "read_back"].contains(result.howKnown) { tally.recovered += 1 }
            if result.outcome == "unconfirmed" { tally.unconfirmed += 1 }
            let isRight =
                result.isExpectation == wanted || tolerated.contains(result.outcome)
                || (!tolerated.isEmpty && result.code == "earlier_row_not_applied")
            if found.count > 1 || !isRight {
                tally.unexpected += 1
                tally.note(
                    "row \(wanted.row) (\(wanted.action) \(wanted.intentID)) is \(result.outcome) "
                        + "\(result.code), expected \(wanted.outcome) \(wanted.code)")
            }
        }
        if results.count > expected.count {
            tally.unexpected += results.count - expected.count
            tally.note("the report has \(results.count) rows, the file \(expected.count)")
        }
    }

    /// Effects and rows are matched by the key that the gateway was sent, else by action and intent.
    private func compareEffects(
        _ results: [ReportedRow], _ expected: [ReportedRow], _ ledger: GatewayLedger, _ tally: inout Tally
    ) {
        let hasKeys = ledger.effects.contains { $0.key != nil }
        let effects = Dictionary(
            grouping: ledger.effects, by: { hasKeys ? Self.keyOfRow($0.key ?? "") : $0.text })
        let rows = Dictionary(
            grouping: results, by: { hasKeys ? Self.keyOfRow($0.key) : "\($0.action) \($0.intentID)" })
        for group in Set(effects.keys).union(rows.keys).sorted() {
            let reported = rows[group] ?? []
            let happened = effects[group] ?? []
            let applied = reported.count { $0.outcome == "applied" }
            let open = reported.count { $0.outcome == "unconfirmed" }
            if happened.count < applied {
                tally.lost += applied - happened.count
                tally.note("\(group): \(applied) rows applied, \(happened.count) effects")
            } else if happened.count > applied + open {
                tally.unexpected += happened.count - applied - open
                tally.note("\(group): \(applied) rows applied, \(happened.count) effects")
            } else if open == 0, happened.count == 1, let effect = happened.first,
                let row = reported.first(where: { $0.outcome == "applied" }), !amountsAgree(effect, row)
            {
                tally.unexpected += 1
                tally.note(
                    "\(group): effect of \(effect.amount ?? "nothing"), reported \(row.amountApplied)")
            }
        }
        countDuplicates(expected, ledger, &tally)
    }

    /// A file that asks for an action on an intent n times has it done n times at most, whatever the report says.
    private func countDuplicates(_ expected: [ReportedRow], _ ledger: GatewayLedger, _ tally: inout Tally) {
        var asked: [String: Int] = [:]
        for row in expected where row.outcome == "applied" {
            asked["\(row.action) \(row.intentID)", default: 0] += 1
        }
        for (text, effects) in Dictionary(grouping: ledger.effects, by: \.text) {
            let byKey = Dictionary(grouping: effects.filter { $0.key != nil }) { Self.keyOfRow($0.key ?? "") }
            let twice = byKey.values.reduce(0) { $0 + $1.count - 1 }
            let excess = max(effects.count - asked[text, default: 0], twice)
            if excess > 0 {
                tally.duplicated += excess
                tally.note("\(text): \(effects.count) effects, \(asked[text, default: 0]) asked for")
            }
        }
    }

    private func amountsAgree(_ effect: GatewayLedger.Effect, _ row: ReportedRow) -> Bool {
        guard let amount = effect.amount, let code = effect.currency, let currency = Currency(code: code),
            let applied = try? Money(majorText: row.amountApplied, currency: currency)
        else { return effect.amount == nil }
        // The gateway with keys counts in minor units.
        let booked =
            effect.key == nil
            ? try? Money(jsonNumber: amount, currency: currency)
            : Int64(amount).map { Money(minorUnits: $0, currency: currency) }
        return code == row.currency && booked == applied
    }

    /// `BASE-ROW-GENERATION` without the generation.
    private static func keyOfRow(_ key: String) -> String {
        key.split(separator: "-", omittingEmptySubsequences: false).dropLast().joined(separator: "-")
    }
}

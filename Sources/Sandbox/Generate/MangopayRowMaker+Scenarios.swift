extension MangopayRowMaker {
    /// The rows in file order; sets the state that the intent begins in.
    mutating func play(
        _ scenario: MangopayScenario, _ intent: inout MangopayRehearsalIntent
    ) -> [MangopayRow] {
        switch scenario {
        case .cancelWhole, .captureAll, .captureFullAmount, .captureAllWithData, .captureRest:
            return [whole(scenario, &intent)]
        case .cancelOfCancelled, .captureAllOfCaptured, .captureAmountOfCaptured, .cancelOfCaptured,
            .cancelOfPartlyCaptured, .captureOfCancelled, .captureOfRefunded, .cancelOfDisputed,
            .cancelOfUnknown, .captureOfUnknown:
            return [late(scenario, &intent)]
        case .cancelPart, .capturePart, .partThenAll, .partsThenAll, .samePartTwice, .cancelPartThenAll,
            .lineByLine:
            return parts(scenario, intent)
        case .captureOfMoreOnLine, .cancelOfMoreOnLine, .captureOfMore, .captureInOtherCurrency,
            .partInOtherCurrency, .captureWithoutLines, .cancelWithoutLines, .unknownLine:
            return [wrong(scenario, intent)]
        }
    }

    private mutating func whole(
        _ scenario: MangopayScenario, _ intent: inout MangopayRehearsalIntent
    ) -> MangopayRow {
        switch scenario {
        case .cancelWhole:
            var row = cancel(intent)
            if stream.number(below: 2) == 0 { addData(to: &row, isWhole: stream.number(below: 2) == 0) }
            return row
        case .captureFullAmount:
            return capture(intent, intent.amount)
        case .captureAllWithData:
            var row = capture(intent, nil)
            addData(to: &row, isWhole: true)
            return row
        case .captureRest:
            capturePart(of: &intent)
            return capture(intent, nil)
        default:
            return capture(intent, nil)
        }
    }

    /// Rows that come when it is done, when the state forbids it, or for intents that are not there.
    private mutating func late(
        _ scenario: MangopayScenario, _ intent: inout MangopayRehearsalIntent
    ) -> MangopayRow {
        var row = cancel(intent)
        row.expect("rejected", "state_not_allowed")
        switch scenario {
        case .cancelOfCancelled, .captureOfCancelled:
            for index in intent.lines.indices { intent.lines[index].cancelled = intent.lines[index].total }
            intent.status = "CANCELLED"
            if scenario == .cancelOfCancelled {
                row.expect("already_applied")
            } else {
                makeCapture(&row, intent)
            }
        case .cancelOfPartlyCaptured:
            capturePart(of: &intent)
        case .cancelOfUnknown:
            row.expect("rejected", "intent_not_found")
        case .captureOfUnknown:
            makeCapture(&row, intent)
            row.expect("rejected", "intent_not_found")
        default:
            for index in intent.lines.indices { intent.lines[index].captured = intent.lines[index].total }
            intent.status = "CAPTURED"
            if scenario == .captureOfRefunded { intent.status = "REFUNDED" }
            if scenario == .cancelOfDisputed { intent.status = "DISPUTED" }
            guard scenario != .cancelOfCaptured, scenario != .cancelOfDisputed else { return row }
            makeCapture(&row, intent)
            if scenario == .captureAllOfCaptured { row.expect("already_applied") }
            if scenario == .captureAmountOfCaptured {
                row.amount = intent.text(intent.amount)
                row.currency = intent.currency
                row.expect("already_applied")
            }
        }
        return row
    }

    private mutating func parts(
        _ scenario: MangopayScenario, _ intent: MangopayRehearsalIntent
    ) -> [MangopayRow] {
        let lines = intent.lines
        let first = (id: lines[0].id, amount: drawPart(of: lines[0].total))
        let rest = capture(intent, nil)
        switch scenario {
        case .cancelPart:
            return [part("cancel", intent, drawParts(of: intent))]
        case .capturePart:
            var row = part("capture", intent, drawParts(of: intent))
            if stream.number(below: 3) == 0 { addData(to: &row, isWhole: true) }
            return [row]
        case .partsThenAll:
            let second = (id: lines[1].id, amount: drawPart(of: lines[1].total))
            return [part("capture", intent, [first]), part("capture", intent, [second]), rest]
        case .samePartTwice:
            let half = (id: lines[0].id, amount: 1 + Int64(stream.number(below: UInt64(lines[0].total / 2))))
            return [part("capture", intent, [half]), part("capture", intent, [half])]
        case .cancelPartThenAll:
            return [part("cancel", intent, [first]), rest]
        case .lineByLine:
            return lines.map { part("capture", intent, [($0.id, $0.total)]) }
        default:
            return [part("capture", intent, [first]), rest]
        }
    }

    private mutating func wrong(_ scenario: MangopayScenario, _ intent: MangopayRehearsalIntent)
        -> MangopayRow
    {
        let line = intent.lines[0]
        let piece = (id: line.id, amount: drawPart(of: line.total))
        let others = ["EUR": "USD", "USD": "GBP", "GBP": "EUR", "JPY": "KRW"]
        var row: MangopayRow
        switch scenario {
        case .captureOfMoreOnLine, .cancelOfMoreOnLine:
            let action = scenario == .captureOfMoreOnLine ? "capture" : "cancel"
            row = part(action, intent, [(line.id, line.total + 1 + Int64(stream.number(below: 3)))])
            row.expect("rejected", "amount_exceeds_remaining")
        case .captureOfMore:
            row = capture(intent, intent.amount + 1 + Int64(stream.number(below: UInt64(intent.amount))))
            row.expect("rejected", "amount_exceeds_remaining")
        case .captureInOtherCurrency:
            row = capture(intent, intent.amount)
            row.currency = others[intent.currency] ?? "CHF"
            row.expect("rejected", "currency_mismatch")
        case .partInOtherCurrency:
            row = part("capture", intent, [piece])
            row.currency = others[intent.currency] ?? "CHF"
            row.expect("rejected", "currency_mismatch")
        case .captureWithoutLines, .cancelWithoutLines:
            row = part(scenario == .captureWithoutLines ? "capture" : "cancel", intent, [piece])
            row.lineItems = ""
            row.expect("rejected", "line_items_needed")
        default:
            let unknown = "int_li_" + MangopayID.uuid7(unixMilliseconds: lastTime, &stream)
            let action = stream.number(below: 2) == 0 ? "capture" : "cancel"
            row = part(action, intent, [(unknown, piece.amount)])
            row.expect("rejected", "line_item_unknown")
        }
        return row
    }
}

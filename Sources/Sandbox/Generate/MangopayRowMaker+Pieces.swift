/// What the scenarios are put together from.
extension MangopayRowMaker {
    func cancel(_ intent: MangopayRehearsalIntent) -> MangopayRow {
        MangopayRow(action: "cancel", intentID: intent.id)
    }

    /// - Parameter minorUnits: nil for `all`.
    func capture(_ intent: MangopayRehearsalIntent, _ minorUnits: Int64?) -> MangopayRow {
        var row = cancel(intent)
        makeCapture(&row, intent)
        if let minorUnits {
            row.amount = intent.text(minorUnits)
            row.currency = intent.currency
        }
        return row
    }

    func makeCapture(_ row: inout MangopayRow, _ intent: MangopayRehearsalIntent) {
        row.action = "capture"
        row.amount = "all"
        // Optional with `all`.
        row.currency = intent.createdAt.isMultiple(of: 3) ? intent.currency : ""
    }

    func part(
        _ action: String, _ intent: MangopayRehearsalIntent, _ parts: [(id: String, amount: Int64)]
    ) -> MangopayRow {
        var row = MangopayRow(action: action, intentID: intent.id)
        row.amount = intent.text(parts.reduce(0) { $0 + $1.amount })
        row.currency = intent.currency
        row.lineItems = parts.map { "\($0.id)=\(intent.text($0.amount))" }.joined(separator: ";")
        return row
    }

    /// A part that leaves something: of one line of several, all of it at most.
    mutating func drawPart(of total: Int64) -> Int64 {
        stream.number(below: 3) == 0 ? total : 1 + Int64(stream.number(below: UInt64(total - 1)))
    }

    /// Of one line, or of the first two and then less than all of each.
    mutating func drawParts(of intent: MangopayRehearsalIntent) -> [(id: String, amount: Int64)] {
        let lines = intent.lines
        guard stream.number(below: 2) == 0 else { return [(lines[1].id, drawPart(of: lines[1].total))] }
        return lines.prefix(2).map { ($0.id, 1 + Int64(stream.number(below: UInt64($0.total - 1)))) }
    }

    mutating func capturePart(of intent: inout MangopayRehearsalIntent) {
        intent.lines[0].captured = drawPart(of: intent.lines[0].total)
        intent.status = "PARTIALLY_CAPTURED"
    }

    /// The date in each of the forms that a file may have; a capture needs reference and name too.
    mutating func addData(to row: inout MangopayRow, isWhole: Bool) {
        let dates = [
            "20-11-2026", "2026-11-20", "2026-11-20T14:30:00Z", "1795185000", "2026-11-20T15:30:00+01:00",
        ]
        row.processingDate = dates[Int(stream.number(below: UInt64(dates.count)))]
        guard isWhole else { return }
        // Made when the row's number is known.
        row.providerReference = "psp"
        row.providerName = ["Stripe", "ADYEN", "Braintree"][Int(stream.number(below: 3))]
    }
}

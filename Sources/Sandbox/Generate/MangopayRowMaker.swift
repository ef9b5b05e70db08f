import JSON

/// Makes the rows of a rehearsal one after the other.
struct MangopayRowMaker: Sendable {
    /// One row, with the intent when it is that intent's first row.
    struct Made: Sendable {
        var row: MangopayRow
        /// Its line of the instruction file.
        var instructionLine: String
        /// Its line of the intents file; nil when the intent is there already, or not at all.
        var intentLine: String?
    }

    /// Later rows of intents wait in a queue of at most so many, so that other rows come in between.
    private static let maximumWaiting = 32

    var stream: SplitMix64
    private let seed: UInt64
    private var waiting: [MangopayRow] = []
    /// 2026-11-01T00:00:00Z; each intent is some milliseconds younger, so no id comes twice.
    private(set) var lastTime: Int64 = 1_793_491_200_000

    init(seed: UInt64) {
        stream = SplitMix64(seed: seed)
        self.seed = seed
    }

    /// - Parameters:
    ///   - number: the row's, from 1.
    ///   - remaining: rows to come with this one; whatever waits is given out in time.
    mutating func next(_ number: Int, remaining: Int) -> Made {
        var row: MangopayRow
        var intentLine: String?
        let mustGiveOut = waiting.count >= remaining || waiting.count > Self.maximumWaiting - 3
        if mustGiveOut || (!waiting.isEmpty && stream.number(below: 3) == 0) {
            row = waiting.removeFirst()
        } else {
            let drawn = MangopayScenario.drawn(from: &stream)
            let hasRoom = drawn.maximumRows <= remaining - waiting.count
            let scenario = hasRoom ? drawn : .cancelWhole
            var intent = drawIntent(lines: scenario.leastLines)
            let rows = play(scenario, &intent)
            row = rows[0]
            waiting += rows.dropFirst()
            let isKnown = scenario != .cancelOfUnknown && scenario != .captureOfUnknown
            intentLine = isKnown ? line(of: intent) : nil
        }
        let reference = "rehearsal-\(String(seed, radix: 16))-\(number)"
        if !row.providerReference.isEmpty { row.providerReference = "psp-" + reference }
        return Made(row: row, instructionLine: row.line(reference: reference), intentLine: intentLine)
    }

    /// One to three lines, or the least and at most one more; each of 4 minor units to some hundred thousand.
    private mutating func drawIntent(lines least: Int) -> MangopayRehearsalIntent {
        lastTime += 1 + Int64(stream.number(below: 1000))
        let id = "int_" + MangopayID.uuid7(unixMilliseconds: lastTime, &stream)
        let count = min(3, least + Int(stream.number(below: least == 1 ? 3 : 2)))
        var lines: [MangopayRehearsalIntent.Line] = []
        for _ in 0..<count {
            let digits = stream.number(below: 6) + 1
            let bound = (0..<digits).reduce(UInt64(1)) { power, _ in power * 10 }
            let unit = 4 + Int64(stream.number(below: bound))
            let quantity = 1 + Int64(stream.number(below: 3))
            // At least 4 minor units are left.
            let discount = stream.number(below: 4) == 0 ? Int64(stream.number(below: UInt64(unit - 3))) : 0
            lines.append(
                .init(
                    id: "int_li_" + MangopayID.uuid7(unixMilliseconds: lastTime, &stream), unit: unit,
                    quantity: quantity, discount: discount))
        }
        let currency = ["EUR", "USD", "GBP", "JPY"][Int(stream.number(below: 4))]
        return MangopayRehearsalIntent(
            id: id, currency: currency, lines: lines, createdAt: lastTime / 1000)
    }

    private func line(of intent: MangopayRehearsalIntent) -> String {
        // Half of the cancelled ones are spelled as the seed page spells them.
        let isOldSpelling = intent.createdAt.isMultiple(of: 2)
        let status = intent.status == "CANCELLED" && isOldSpelling ? "CANCELED" : intent.status
        let cancelledKey = isOldSpelling ? "CanceledAmount" : "CancelledAmount"
        let object: JSONValue = [
            "Id": .string(intent.id), "Amount": .minor(intent.amount), "Currency": .string(intent.currency),
            "Status": .string(status),
            "LineItems": .array(
                intent.lines.map { line in
                    [
                        "Id": .string(line.id), "Quantity": .minor(line.quantity),
                        "UnitAmount": .minor(line.unit), "DiscountAmount": .minor(line.discount),
                        "TotalLineItemAmount": .minor(line.total), cancelledKey: .minor(line.cancelled),
                        "CapturedAmount": .minor(line.captured),
                    ]
                }),
            "CreationDate": .minor(intent.createdAt),
        ]
        return object.text
    }
}

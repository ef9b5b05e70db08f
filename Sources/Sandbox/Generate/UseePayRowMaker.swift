import JSON

/// Makes the rows of a rehearsal one after the other.
struct UseePayRowMaker: Sendable {
    private var stream: SplitMix64
    private let seed: UInt64
    /// The next id is larger by chance: all have 19 digits as live ids do, none comes twice, none needs
    /// remembering.
    private var lastID: UInt64 = 1_012_411_211_459_019_141

    init(seed: UInt64) {
        stream = SplitMix64(seed: seed)
        self.seed = seed
    }

    /// - Parameter number: the row's, from 1.
    mutating func next(_ number: Int) -> UseePayRow {
        let kind = UseePayRowKind.drawn(from: &stream)
        lastID += 1 + stream.number(below: 400_000_000_000)
        let id = String(lastID)
        let amount = drawAmount(atLeast: kind == .captureOfPart ? 2 : 1)
        let asked = askedMoney(kind, amount)
        let reason = kind.action == "cancel" ? drawReason() : ""
        let cells = [
            id, kind.action, asked.amount, asked.currency, reason,
            "rehearsal-\(String(seed, radix: 16))-\(number)",
        ]
        return UseePayRow(
            intentID: id, action: kind.action, outcome: kind.expectation.outcome, code: kind.expectation.code,
            intentLine: kind.status.map { intentLine(id, amount, status: $0) },
            instructionLine: cells.map(Self.cell).joined(separator: ","))
    }

    /// Currencies with 2, 2, 0 and 3 decimals; amounts of one digit to about a million major units.
    private mutating func drawAmount(atLeast least: Int64) -> UseePayAmount {
        let currency = ["USD", "EUR", "JPY", "KWD"][Int(stream.number(below: 4))]
        let digits = stream.number(below: 8) + 1
        let bound = (0..<digits).reduce(UInt64(1)) { power, _ in power * 10 }
        return UseePayAmount(minorUnits: max(least, Int64(stream.number(below: bound))), currency: currency)
    }

    private mutating func askedMoney(
        _ kind: UseePayRowKind, _ amount: UseePayAmount
    ) -> (amount: String, currency: String) {
        switch kind {
        case .captureOfAll, .captureOfAllCaptured:
            return ("all", "")
        case .captureOfMore:
            let excess = Int64(stream.number(below: UInt64(amount.minorUnits))) + 1
            let more = UseePayAmount(minorUnits: amount.minorUnits + excess, currency: amount.currency)
            return (more.text, amount.currency)
        case .captureOfPart:
            let part = Int64(stream.number(below: UInt64(amount.minorUnits - 1))) + 1
            return (UseePayAmount(minorUnits: part, currency: amount.currency).text, amount.currency)
        case .captureInOtherCurrency:
            // The other has as many decimals, so that the currency alone is wrong.
            let others = ["USD": "EUR", "EUR": "USD", "JPY": "KRW", "KWD": "BHD"]
            return (amount.text, others[amount.currency] ?? "CHF")
        default:
            return kind.action == "capture" ? (amount.text, amount.currency) : ("", "")
        }
    }

    /// Half of the cancels give none. Some need quotes in CSV, some are not ASCII; none looks like a card
    /// number or a formula, none reaches UseePay's 255 characters.
    private mutating func drawReason() -> String {
        let reasons = [
            "", "", "", "", "", "", "", "", "Order cancelled", "Customer said \"no, thanks\"",
            "Doppelt, storniert",
            "Annulé à la demande du client", "顧客都合によるキャンセル", "Out of stock; reorder later", "\"",
            "Zurück – übergroß 📦",
        ]
        return reasons[Int(stream.number(below: UInt64(reasons.count)))]
    }

    private func intentLine(_ id: String, _ amount: UseePayAmount, status: String) -> String {
        var intent = JSONObject([
            "id": .string(id), "amount": .number(amount.text), "currency": .string(amount.currency),
            "status": .string(status),
        ])
        if status == "succeeded" { intent["captured_amount"] = .number(amount.text) }
        return JSONValue.object(intent).text
    }

    /// RFC 4180: quoted only where it must be.
    private static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}

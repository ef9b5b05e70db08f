/// One row of a rehearsal's instruction file, with what must become of it.
struct MangopayRow: Sendable {
    var action: String
    var intentID: String
    /// Major units, `all`, or nothing.
    var amount = ""
    var currency = ""
    /// `ID=AMOUNT;ID=AMOUNT`.
    var lineItems = ""
    var processingDate = ""
    var providerReference = ""
    var providerName = ""
    var outcome = "applied"
    var code = ""

    static let header =
        "action,intent_id,amount,currency,line_items,reference,external_processing_date,"
        + "external_provider_reference,external_provider_name"

    /// No cell needs quotes: none has a comma, a quote or a line end.
    func line(reference: String) -> String {
        [
            action, intentID, amount, currency, lineItems, reference, processingDate, providerReference,
            providerName,
        ].joined(separator: ",")
    }

    mutating func expect(_ outcome: String, _ code: String = "") {
        self.outcome = outcome
        self.code = code
    }
}

/// An intent of a rehearsal as it is before the first row.
struct MangopayRehearsalIntent: Sendable {
    struct Line: Sendable {
        var id: String
        var unit: Int64
        var quantity: Int64
        var discount: Int64
        var captured: Int64 = 0
        var cancelled: Int64 = 0

        var total: Int64 { unit * quantity - discount }
    }

    var id: String
    var currency: String
    var status = "AUTHORIZED"
    var lines: [Line]
    /// Unix seconds.
    var createdAt: Int64

    var amount: Int64 { lines.reduce(0) { $0 + $1.total } }

    /// Major units with all decimals of the currency, as the instruction file wants them.
    func text(_ minorUnits: Int64) -> String {
        if currency == "JPY" { return String(minorUnits) }
        let digits = String(minorUnits)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return padded.dropLast(2) + "." + padded.suffix(2)
    }
}

import Instructions

/// How each fault of the whole file is said to people: what is wrong, and how to mend it.
extension RuleFault {
    var message: String {
        switch self {
        case .duplicate(_, let earlier): "The row asks for the same as row \(earlier)."
        case .referenceDuplicate(_, let earlier): "Row \(earlier) has the same reference."
        case .conflict(_, let earlier, let action):
            "Row \(earlier) asks for a whole \(action.rawValue) of the same intent."
        case .sumTooLarge(let action, let currency):
            "The amounts of all \(action.rawValue) \(currency) rows together are beyond 64 bits."
        case .tooManyRows(let rows, let maximum):
            "The file has \(rows) rows; the job allows \(maximum) at most."
        case .sumBeyondMaximum(let found, let maximum):
            "The amounts in \(maximum.currency.code) sum to \(found?.majorText ?? "more than 64 bits hold"); "
                + "the job allows \(maximum.majorText) at most."
        case .tooManyBadRows(let bad, let rows, let parts):
            "\(bad) of \(rows) rows are bad; the job allows \(Self.percent(parts)) at most."
        case .rowsDiffer(let expected, let found):
            "The control totals expect \(expected) rows, the file has \(found)."
        case .sumDiffers(let action, let currency, let expected, let found):
            "The control totals expect \(Self.words(expected, currency)) for \(action.rawValue) "
                + "\(currency.code), the file has \(Self.words(found, currency))."
        case .totalsUnreadable(let file, let reason):
            "The control totals in \(file) cannot be used: \(reason)."
        case .totalsMissing(let file): "The job needs control totals, and \(file) is not there."
        }
    }

    var mend: String {
        switch self {
        case .duplicate: "Remove one of the two; if both are meant, give each a reference of its own."
        case .referenceDuplicate: "Give each row a reference of its own."
        case .conflict: "Decide for one of the two and remove the other row."
        case .sumTooLarge:
            "Look for an amount that is far too large, such as an id in the column amount."
        case .tooManyRows: "Split the file, or raise the job's `max: { rows: … }`."
        case .sumBeyondMaximum:
            "Look for an amount that is too large; split the file, or raise the job's `max: { sum: … }`."
        case .tooManyBadRows: "Mend the rows, or raise the job's `max: { invalid: … }`."
        case .rowsDiffer, .sumDiffers:
            "Find out which of the two is right: rows may be missing or double; then export both again."
        case .totalsUnreadable:
            "Write it as "
                + #"{"rows":3,"sums":[{"action":"capture","currency":"EUR","rows":2,"sum":"123.45"}]}."#
        case .totalsMissing: "Put it beside the file; the file waits for it."
        }
    }

    private static func words(_ sum: RowSum?, _ currency: Currency) -> String {
        guard let sum else { return "nothing" }
        let amount =
            sum.minorUnits.map { Money(minorUnits: $0, currency: currency).majorText }
            ?? "more than 64 bits hold"
        return sum.rows.map { "\(amount) in \($0) row\($0 == 1 ? "" : "s")" } ?? amount
    }

    /// Millionths as a percentage: 10000 → 1%, 500 → 0.05%.
    private static func percent(_ partsPerMillion: Int) -> String {
        let (whole, rest) = partsPerMillion.quotientAndRemainder(dividingBy: 10_000)
        guard rest > 0 else { return "\(whole)%" }
        var digits = String(10_000 + rest).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)%"
    }
}

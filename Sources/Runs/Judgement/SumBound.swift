import Instructions

/// The job's `max: { sum }` on resolved amounts: what the run has asked the gateway for, in each currency, may
/// not go beyond it.
///
/// An amount counts from the row's first attempt on, and no longer once the row is known not to have taken
/// effect. Whole cancels whose intent is never read have no amount that is known.
struct SumBound: Sendable {
    private let maximum: [String: Int64]
    private var counted: [String: Int64] = [:]

    /// - Parameters:
    ///   - maximum: minor units by currency code.
    ///   - counted: what earlier executions asked for and got, or may have got.
    init(maximum: [String: Int64], counted: [Money]) {
        self.maximum = maximum
        for money in counted { count(money) }
    }

    /// Whether the amount still fits.
    func allows(_ money: Money) -> Bool {
        guard let maximum = maximum[money.currency.code] else { return true }
        let (sum, overflow) = counted[money.currency.code, default: 0].addingReportingOverflow(
            money.minorUnits)
        return !overflow && sum <= maximum
    }

    mutating func count(_ money: Money) {
        guard maximum[money.currency.code] != nil else { return }
        let (sum, overflow) = counted[money.currency.code, default: 0].addingReportingOverflow(
            money.minorUnits)
        counted[money.currency.code] = overflow ? .max : sum
    }

    mutating func giveBack(_ money: Money) { counted[money.currency.code]? -= money.minorUnits }

    /// Why the run stops before the amount is asked for.
    func stop(before money: Money) -> Stop {
        let code = money.currency.code
        let sum = Money(minorUnits: counted[code] ?? 0, currency: money.currency)
        let bound = Money(minorUnits: maximum[code] ?? 0, currency: money.currency)
        return Stop(
            .limit,
            message: """
                \(sum.majorText) \(code) were asked for so far, and \(money.majorText) more would be beyond the job's \
                max of \(bound.majorText)
                """)
    }
}

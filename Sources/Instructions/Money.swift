/// An amount of money: a whole number of minor units and its currency. Never binary floating point.
public struct Money: Hashable, Sendable {
    /// Cents for EUR, yen for JPY, fils for KWD.
    public let minorUnits: Int64
    public let currency: Currency

    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    public static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency: currency) }

    /// The sum. Throws `MoneyError.overflow` or `.currencyMismatch`.
    public func adding(_ other: Money) throws(MoneyError) -> Money {
        try combined(with: other) { $0.addingReportingOverflow($1) }
    }

    /// The difference. Throws `MoneyError.overflow` or `.currencyMismatch`.
    public func subtracting(_ other: Money) throws(MoneyError) -> Money {
        try combined(with: other) { $0.subtractingReportingOverflow($1) }
    }

    private func combined(
        with other: Money, _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) throws(MoneyError) -> Money {
        guard currency == other.currency else { throw .currencyMismatch }
        let (value, overflow) = operation(minorUnits, other.minorUnits)
        guard !overflow else { throw .overflow }
        return Money(minorUnits: value, currency: currency)
    }

    /// Major units with exactly the currency's digits: `100.23`, `7` (JPY), `0.005` (KWD), `-1.20`.
    public var majorText: String {
        var text = ""
        withMajorText { text = String(decoding: $0, as: UTF8.self) }
        return text
    }

    /// The same as bytes, with the decimal mark that a file has. Not generic, so that it is not bound to a type
    /// anew at each call from another room.
    package func withMajorText(
        decimalMark: UInt8 = UInt8(ascii: "."), _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        // A sign, the 19 digits of 64 bits and a mark.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 21) { text in
            let places = currency.minorUnitDigits
            // From the last digit on.
            var start = text.count
            var (rest, digits) = (minorUnits.magnitude, 0)
            repeat {
                start -= 1
                text[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
                digits += 1
                if digits == places {
                    start -= 1
                    text[start] = decimalMark
                }
            } while rest > 0 || digits <= places
            if minorUnits < 0 {
                start -= 1
                text[start] = UInt8(ascii: "-")
            }
            body(UnsafeBufferPointer(rebasing: text[start...]))
        }
    }
}

/// Why an amount was not taken.
public enum MoneyError: Error, Equatable, Sendable {
    /// Not digits with at most one decimal point between them.
    case notAnAmount
    /// More decimals than the currency has.
    case tooManyDecimals
    /// Beyond what 64-bit minor units hold.
    case overflow
    /// Two currencies in one calculation.
    case currencyMismatch
}

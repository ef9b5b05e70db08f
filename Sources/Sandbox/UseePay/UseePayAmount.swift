/// An amount on UseePay's wire: a JSON number of major units. Judged by its digits, never through binary
/// floating point.
struct UseePayAmount: Equatable, Sendable {
    /// What is wrong with a number that is no amount of its currency.
    enum Fault: Error, Equatable {
        case notPositive
        /// More decimals than the currency has; zeros at the end do not count (`100.230` is `100.23`).
        case tooManyDecimals(allowed: Int)
        /// More than 2^63 - 1 minor units.
        case tooLarge

        /// To follow the name of the field.
        func words(_ currency: String) -> String {
            switch self {
            case .notPositive: "must be greater than 0"
            case .tooManyDecimals(let allowed): "must have at most \(allowed) decimals in \(currency)"
            case .tooLarge: "is too large"
            }
        }
    }

    let minorUnits: Int64
    let currency: String

    init(minorUnits: Int64, currency: String) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// - Parameter number: the digits of a JSON number (RFC 8259 section 6), which the JSON room has checked.
    init(number: String, currency: String) throws(Fault) {
        let allowed = Self.decimals(of: currency)
        let parts = number.split(maxSplits: 1, whereSeparator: { $0 == "e" || $0 == "E" })
        let mantissa = parts[0].split(separator: ".")
        var digits = mantissa[0].utf8.filter { $0 != UInt8(ascii: "-") }
        var decimals = 0
        if mantissa.count > 1 {
            digits += Array(mantissa[1].utf8)
            decimals = mantissa[1].utf8.count
        }
        guard !number.hasPrefix("-"), digits.contains(where: { $0 != UInt8(ascii: "0") }) else {
            throw .notPositive
        }
        if parts.count > 1 {
            // An exponent of more than 9 digits is out of range for any amount; only its sign matters.
            let exponent =
                parts[1].utf8.count > 9 ? (parts[1].hasPrefix("-") ? -1_000_000 : 1_000_000) : Int(parts[1])
            decimals -= exponent ?? 0
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            decimals -= 1
        }
        guard decimals <= allowed else { throw .tooManyDecimals(allowed: allowed) }
        var minorUnits: Int64 = 0
        for place in 0..<(digits.count + min(allowed - decimals, 20)) {
            let digit = place < digits.count ? Int64(digits[place] - UInt8(ascii: "0")) : 0
            let (tenfold, overTen) = minorUnits.multipliedReportingOverflow(by: 10)
            let (sum, over) = tenfold.addingReportingOverflow(digit)
            guard !overTen, !over else { throw .tooLarge }
            minorUnits = sum
        }
        self.init(minorUnits: minorUnits, currency: currency)
    }

    /// Major units with all decimals of the currency: `100.00`, `5000`, `0.250`.
    var text: String {
        let decimals = Self.decimals(of: currency)
        guard decimals > 0 else { return String(minorUnits) }
        let digits = String(minorUnits)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return String(padded.dropLast(decimals)) + "." + String(padded.suffix(decimals))
    }

    /// Whether it looks like an ISO 4217 code.
    static func isCurrency(_ text: String) -> Bool {
        text.utf8.count == 3 && text.utf8.allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
    }

    /// Decimals by ISO 4217 (list one of January 2026); UseePay publishes no list of its own.
    static func decimals(of currency: String) -> Int {
        exceptions[currency] ?? 2
    }

    private static let exceptions: [String: Int] = [
        "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
        "UGX": 0,
        "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3,
        "LYD": 3,
        "OMR": 3, "TND": 3, "CLF": 4, "UYW": 4,
    ]
}

extension Money {
    /// Reads an amount of an instruction file: digits, optionally a point and further digits (`100`, `100.2`,
    /// `100.23`). No sign, no exponent, no separators, no more decimals than the currency.
    public init(majorText text: String, currency: Currency) throws(MoneyError) {
        var copy = text
        let result = copy.withUTF8 { bytes in Self.minorUnits(majorBytes: bytes, currency: currency) }
        self.init(minorUnits: try result.get(), currency: currency)
    }

    /// The same for the bytes of a cell, with the decimal mark that its file has; the hot path of reading files.
    package static func minorUnits(
        majorBytes bytes: UnsafeBufferPointer<UInt8>, currency: Currency,
        decimalMark: UInt8 = UInt8(ascii: ".")
    ) -> Result<Int64, MoneyError> {
        var value: Int64 = 0
        var decimals = -1
        var digitSeen = false
        for byte in bytes {
            if byte == decimalMark {
                guard decimals < 0, digitSeen else { return .failure(.notAnAmount) }
                decimals = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return .failure(.notAnAmount) }
            digitSeen = true
            if decimals >= 0 { decimals += 1 }
            guard decimals <= currency.minorUnitDigits else { continue }
            guard appendDigit(byte, to: &value) else { return .failure(.overflow) }
        }
        guard digitSeen, decimals != 0 else { return .failure(.notAnAmount) }
        guard decimals <= currency.minorUnitDigits else { return .failure(.tooManyDecimals) }
        for _ in max(0, decimals)..<currency.minorUnitDigits {
            guard appendDigit(UInt8(ascii: "0"), to: &value) else { return .failure(.overflow) }
        }
        return .success(value)
    }

    /// Reads a JSON number in major units, exactly: a sign, an exponent and zeros past the currency's digits are
    /// taken, since a gateway may write 100.23 as `100.230` or `1.0023e2`.
    public init(jsonNumber text: String, currency: Currency) throws(MoneyError) {
        let bytes = Array(text.utf8)
        var index = 0
        let negative = bytes.first == UInt8(ascii: "-")
        if negative { index = 1 }
        var digits: [UInt8] = []
        var pointShift = 0
        var sawPoint = false
        while index < bytes.count, bytes[index] != UInt8(ascii: "e"), bytes[index] != UInt8(ascii: "E") {
            if bytes[index] == UInt8(ascii: ".") {
                guard !sawPoint else { throw .notAnAmount }
                sawPoint = true
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else {
                    throw .notAnAmount
                }
                digits.append(bytes[index])
                if sawPoint { pointShift -= 1 }
            }
            index += 1
        }
        guard !digits.isEmpty else { throw .notAnAmount }
        if index < bytes.count {
            let exponentText = String(decoding: bytes[(index + 1)...], as: UTF8.self)
            guard let exponent = Int(exponentText) else { throw .notAnAmount }
            // An exponent past ±400 cannot belong to an amount; the bound also keeps the loop below short.
            guard exponent.magnitude <= 400 else { throw .overflow }
            pointShift += exponent
        }
        var shift = pointShift + currency.minorUnitDigits
        while shift < 0 {
            guard let last = digits.popLast() else { break }
            guard last == UInt8(ascii: "0") else { throw .tooManyDecimals }
            shift += 1
        }
        var value: Int64 = 0
        for digit in digits {
            guard Self.appendDigit(digit, to: &value) else { throw .overflow }
        }
        if value != 0 {
            for _ in 0..<max(0, shift) {
                guard Self.appendDigit(UInt8(ascii: "0"), to: &value) else { throw .overflow }
            }
        }
        self.init(minorUnits: negative ? -value : value, currency: currency)
    }

    private static func appendDigit(_ digit: UInt8, to value: inout Int64) -> Bool {
        let (tens, overflowTens) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflowSum) = tens.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
        value = sum
        return !overflowTens && !overflowSum
    }
}

import Instructions

/// The rules of the columns `amount` and `currency`.
enum AmountCell {
    enum Kind: Equatable {
        case blank, all, figures
    }

    static func kind(_ cell: Cell) -> Kind {
        if cell.isEmpty { return .blank }
        return CellText.equals(cell, ignoringCase: "all") ? .all : .figures
    }

    /// Minor units of an amount in figures, more than zero.
    static func minorUnits(
        _ cell: Cell, currency: Currency, decimal: ReadOptions.DecimalMark
    ) throws(FileFault) -> Int64 {
        if cell.first == UInt8(ascii: "-") {
            // `-0.00` and `-5` are amounts, only none to act on; `-` and `-x` are not.
            let rest = Cell(rebasing: cell.dropFirst())
            if case .failure(.notAnAmount) = Money.minorUnits(
                majorBytes: rest, currency: currency, decimalMark: decimal.byte)
            {
                throw invalid(cell, decimal)
            }
            throw .amountNotPositive
        }
        switch Money.minorUnits(majorBytes: cell, currency: currency, decimalMark: decimal.byte) {
        case .success(let minorUnits):
            guard minorUnits > 0 else { throw .amountNotPositive }
            return minorUnits
        case .failure(.tooManyDecimals): throw .amountTooManyDecimals(currency)
        case .failure(.overflow): throw .amountTooLarge
        case .failure(.notAnAmount), .failure(.currencyMismatch): throw invalid(cell, decimal)
        }
    }

    /// What is wrong with figures that are no amount: the other decimal mark has a code of its own.
    private static func invalid(_ cell: Cell, _ decimal: ReadOptions.DecimalMark) -> FileFault {
        let other: ReadOptions.DecimalMark = decimal == .point ? .comma : .point
        let parts = cell.split(separator: other.byte, omittingEmptySubsequences: false)
        let isOther = parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(CellText.isDigit) }
        return isOther ? .amountOtherDecimal(expected: decimal) : .amountInvalid(decimal)
    }

    /// Judges figures whose currency is not known, as far as that goes.
    static func checkFigures(_ cell: Cell, decimal: ReadOptions.DecimalMark) throws(FileFault) {
        var decimals = 0
        var sawPoint = false
        var isZero = true
        var digits = 0
        let isNegative = cell.first == UInt8(ascii: "-")
        for byte in isNegative ? cell.dropFirst() : cell[...] {
            if byte == decimal.byte, !sawPoint, digits > 0 {
                sawPoint = true
                continue
            }
            guard CellText.isDigit(byte) else { throw invalid(cell, decimal) }
            digits += 1
            if sawPoint { decimals += 1 }
            if byte != UInt8(ascii: "0") { isZero = false }
        }
        guard digits > 0, !sawPoint || decimals > 0 else { throw invalid(cell, decimal) }
        guard !isNegative, !isZero else { throw .amountNotPositive }
    }
}

/// The rule of the column `currency`.
enum CurrencyCell {
    /// Three letters in any case.
    static func currency(_ cell: Cell) throws(FileFault) -> Currency {
        guard let currency = known(cell) else { throw .currencyUnknown }
        return currency
    }

    /// nil when ISO 4217 has no such currency.
    @inline(__always)
    static func known(_ cell: Cell) -> Currency? {
        guard cell.count == 3 else { return nil }
        var letters: UInt32 = 0
        for byte in cell {
            let isLower = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
            letters = letters << 8 | UInt32(isLower ? byte - 32 : byte)
        }
        return Currency(letters: letters)
    }
}

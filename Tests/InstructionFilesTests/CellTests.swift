import Instructions
import Testing

@testable import InstructionFiles

/// The cell rules as tables.
@Suite struct CellTests {
    private func judge<Value, Fault: Error>(
        _ text: String, _ rule: (Cell) throws(Fault) -> Value
    ) -> Result<Value, Fault> {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { cell in
            do throws(Fault) { return .success(try rule(cell)) } catch { return .failure(error) }
        }
    }

    /// The same for rules that lend the cell, with what they lend as a text.
    private func judgeText(
        _ text: String, _ rule: (Cell) throws(FileFault) -> Cell?
    ) -> Result<String?, FileFault> {
        judge(text) { cell throws(FileFault) in try rule(cell).map(CellText.string) }
    }

    private func currency(_ code: String) throws -> Currency { try #require(Currency(code: code)) }

    @Test("Amounts are exact, positive and have the currency's decimals at most")
    func amounts() throws {
        let eur = try currency("EUR")
        let table: [(String, String, Result<Int64, FileFault>)] = [
            ("100.23", "EUR", .success(10_023)), ("100.2", "EUR", .success(10_020)),
            ("100", "EUR", .success(10_000)), ("0.01", "EUR", .success(1)), ("007", "JPY", .success(7)),
            ("1.005", "KWD", .success(1_005)), ("0.0001", "CLF", .success(1)),
            ("92233720368547758.07", "EUR", .success(.max)),
            ("92233720368547758.08", "EUR", .failure(.amountTooLarge)),
            ("1.0", "JPY", .failure(.amountTooManyDecimals(try currency("JPY")))),
            ("1.230", "EUR", .failure(.amountTooManyDecimals(eur))),
            ("0", "EUR", .failure(.amountNotPositive)), ("0.00", "EUR", .failure(.amountNotPositive)),
            ("-5", "EUR", .failure(.amountNotPositive)), ("-0.001", "EUR", .failure(.amountNotPositive)),
            ("-", "EUR", .failure(.amountInvalid(.point))), ("--5", "EUR", .failure(.amountInvalid(.point))),
            ("+5", "EUR", .failure(.amountInvalid(.point))),
            ("1,50", "EUR", .failure(.amountOtherDecimal(expected: .point))),
            ("1.", "EUR", .failure(.amountInvalid(.point))), (".5", "EUR", .failure(.amountInvalid(.point))),
            ("1e2", "EUR", .failure(.amountInvalid(.point))),
            ("1 000", "EUR", .failure(.amountInvalid(.point))),
            ("1.2.3", "EUR", .failure(.amountInvalid(.point))),
            ("٣", "EUR", .failure(.amountInvalid(.point))),
            ("€5", "EUR", .failure(.amountInvalid(.point))), ("NaN", "EUR", .failure(.amountInvalid(.point))),
        ]
        for (text, code, expected) in table {
            let currency = try currency(code)
            let rule = { (cell: Cell) throws(FileFault) in
                try AmountCell.minorUnits(cell, currency: currency, decimal: .point)
            }
            #expect(judge(text, rule) == expected, "\(text) \(code)")
        }
    }

    @Test("With a decimal comma a point is no decimal mark, and the other way round")
    func decimalComma() throws {
        let eur = try currency("EUR")
        let table: [(String, Result<Int64, FileFault>)] = [
            ("12,50", .success(1_250)), ("100", .success(10_000)), ("0,01", .success(1)),
            ("12.50", .failure(.amountOtherDecimal(expected: .comma))),
            ("1.234,50", .failure(.amountInvalid(.comma))), ("1,", .failure(.amountInvalid(.comma))),
            ("1,234", .failure(.amountTooManyDecimals(eur))), ("-1,5", .failure(.amountNotPositive)),
        ]
        for (text, expected) in table {
            let rule = { (cell: Cell) throws(FileFault) in
                try AmountCell.minorUnits(cell, currency: eur, decimal: .comma)
            }
            #expect(judge(text, rule) == expected, "\(text)")
        }
        let items = { (cell: Cell) throws(FileFault) in
            try LineItemsCell.items(cell, currency: eur, decimal: .comma)
        }
        #expect(judge("a=1,5", items) == .success([LineAmount(id: "a", minorUnits: 150)]))
        #expect(judge("a=1.5", items) == .failure(.lineItemsInvalid(.amount(.comma))))
    }

    @Test("Figures without a known currency are judged as far as that goes")
    func figures() {
        let table: [(String, FileFault?)] = [
            ("1", nil), ("1.23456", nil), ("0.001", nil), ("0", .amountNotPositive),
            ("0.0", .amountNotPositive),
            ("-1", .amountNotPositive), ("1.", .amountInvalid(.point)), (".1", .amountInvalid(.point)),
            ("1,2", .amountOtherDecimal(expected: .point)), ("1,2,3", .amountInvalid(.point)),
            ("-", .amountInvalid(.point)), ("1..2", .amountInvalid(.point)), ("x", .amountInvalid(.point)),
        ]
        for (text, fault) in table {
            let rule = { (cell: Cell) throws(FileFault) in
                try AmountCell.checkFigures(cell, decimal: .point)
            }
            switch judge(text, rule) {
            case .success: #expect(fault == nil, "\(text)")
            case .failure(let found): #expect(found == fault, "\(text)")
            }
        }
    }

    @Test("Currencies are ISO 4217 codes in any case")
    func currencies() {
        for (text, code) in [
            ("EUR", "EUR"), ("eur", "EUR"), ("eUr", "EUR"), ("JPY", "JPY"), ("EUR", "EUR"), ("XXX", nil),
            ("EU", nil), ("EURO", nil), ("€", nil), ("E R", nil), ("\0EU", nil),
        ] as [(String, String?)] {
            switch judge(text, CurrencyCell.currency) {
            case .success(let currency): #expect(currency.code == code, "\(text)")
            case .failure(let fault): #expect(fault == .currencyUnknown && code == nil, "\(text)")
            }
        }
    }

    @Test("Intent ids are 1 to 128 of the allowed characters")
    func intentIDs() {
        let longest = String(repeating: "x", count: 128)
        for text in ["a", "Z9_-", "1234567890123456789", longest] {
            #expect(judgeText(text, WordCells.intentID) == .success(text))
        }
        for text in ["a b", "a.b", "é", "1.23E+17", "a/b", longest + "x", "a\n"] {
            #expect(judgeText(text, WordCells.intentID) == .failure(.intentIDInvalid), "\(text)")
        }
        #expect(judgeText("", WordCells.intentID) == .failure(.intentIDMissing))
    }

    @Test("Lengths count Unicode scalars, not bytes")
    func lengths() {
        let reason = String(repeating: "漢", count: 255)
        #expect(judgeText(reason, WordCells.reason) == .success(reason))
        #expect(judgeText(reason + "漢", WordCells.reason) == .failure(.reasonTooLong(characters: 256)))
        let reference = String(repeating: "🙂", count: 64)
        #expect(judgeText(reference, WordCells.reference) == .success(reference))
        #expect(
            judgeText(reference + "a", WordCells.reference) == .failure(.referenceTooLong(characters: 65)))
        #expect(judgeText("", WordCells.reason) == .success(nil))
    }

    @Test("Line items are ID=AMOUNT pairs, each id once, each amount above zero")
    func lineItems() throws {
        let eur = try currency("EUR")
        let rule = { (cell: Cell) throws(FileFault) in
            try LineItemsCell.items(cell, currency: eur, decimal: .point)
        }
        #expect(
            judge("li_1=10.00; li_2 = 5.5", rule)
                == .success([
                    LineAmount(id: "li_1", minorUnits: 1_000), LineAmount(id: "li_2", minorUnits: 550),
                ]))
        let table: [(String, LineItemFault)] = [
            ("li_1", .shape), ("li_1=1;", .shape), (";", .shape), ("=1", .id), ("a b=1", .id),
            ("a=1;a=2", .repeated),
            ("a=0", .amount(.point)), ("a=-1", .amount(.point)), ("a=1=2", .amount(.point)),
            ("a=", .amount(.point)), ("a=all", .amount(.point)),
            ("a=1.001", .tooManyDecimals(eur)),
        ]
        for (text, fault) in table {
            #expect(judge(text, rule) == .failure(.lineItemsInvalid(fault)), "\(text)")
        }
    }

    @Test("Line items sum to the amount, also where the sum leaves 64 bits")
    func lineItemSums() throws {
        let eur = try currency("EUR")
        let items = [LineAmount(id: "a", minorUnits: 100), LineAmount(id: "b", minorUnits: 23)]
        try LineItemsCell.checkSum(items, equals: Money(minorUnits: 123, currency: eur))
        #expect(throws: FileFault.lineItemsSum(items: "1.23", amount: "1.24")) {
            try LineItemsCell.checkSum(items, equals: Money(minorUnits: 124, currency: eur))
        }
        let huge = [LineAmount(id: "a", minorUnits: .max), LineAmount(id: "b", minorUnits: .max)]
        #expect(throws: FileFault.self) {
            try LineItemsCell.checkSum(huge, equals: Money(minorUnits: -2, currency: eur))
        }
    }

    @Test("Dates are read to the second, and days that do not exist are refused")
    func dates() {
        let iso: [(String, Result<Int64, DateFault>)] = [
            ("1970-01-01", .success(0)), ("2000-02-29", .success(951_782_400)),
            ("2026-11-20", .success(1_795_132_800)), ("9999-12-31T23:59:59Z", .success(253_402_300_799)),
            ("2026-11-20T14:30:00Z", .success(1_795_185_000)), ("2026-11-20t14:30z", .success(1_795_185_000)),
            ("2026-11-20T14:30:00.999Z", .success(1_795_185_000)),
            ("2026-11-20T14:30:00+02:00", .success(1_795_177_800)),
            ("2026-11-20T14:30:00-05:30", .success(1_795_204_800)),
            ("2026-11-20T14:30:00", .failure(.noOffset)), ("2026-11-20T14:30:00.Z", .failure(.form)),
            ("2026-02-29", .failure(.noSuchTime)), ("2100-02-29", .failure(.noSuchTime)),
            ("2026-02-31", .failure(.noSuchTime)), ("2026-04-31", .failure(.noSuchTime)),
            ("2026-00-10", .failure(.noSuchTime)), ("2026-13-10", .failure(.noSuchTime)),
            ("2026-01-00", .failure(.noSuchTime)), ("2026-11-20T24:00:00Z", .failure(.noSuchTime)),
            ("2026-11-20T23:60:00Z", .failure(.noSuchTime)), ("2026-11-20T23:59:60Z", .failure(.noSuchTime)),
            ("2026-11-20T14:30:00+24:00", .failure(.noSuchTime)), ("1969-12-31", .failure(.outOfRange)),
            ("1970-01-01T00:00:00+01:00", .failure(.outOfRange)), ("2026-11-20 14:30:00Z", .failure(.form)),
            ("2026-11-20T14:30:00Zx", .failure(.form)), ("2026-11-20T14Z", .failure(.form)),
            ("20261120", .failure(.form)), ("26-11-20", .failure(.form)), ("2026-1-2", .failure(.form)),
            ("20-11-2026", .failure(.form)), ("1795132800", .failure(.form)), ("tomorrow", .failure(.form)),
        ]
        for (text, expected) in iso {
            #expect(judge(text, DateCell.iso8601) == expected, "\(text)")
        }
        let processing: [(String, Result<Int64, DateFault>)] = [
            ("20-11-2026", .success(1_795_132_800)), ("03-10-2024", .success(1_727_913_600)),
            ("1795132800", .success(1_795_132_800)), ("1000000000", .success(1_000_000_000)),
            ("2026-11-20", .success(1_795_132_800)), ("2026-11-20T00:00Z", .success(1_795_132_800)),
            ("999999999", .failure(.form)), ("253402300799", .success(253_402_300_799)),
            ("253402300800", .failure(.outOfRange)), ("1795132800000", .failure(.outOfRange)),
            ("31-02-2026", .failure(.noSuchTime)), ("20/11/2026", .failure(.form)),
            ("20-11-26", .failure(.form)), ("-1795132800", .failure(.form)), ("20-11-2026Z", .failure(.form)),
        ]
        for (text, expected) in processing {
            #expect(judge(text, DateCell.processingDate) == expected, "\(text)")
        }
    }

    @Test("Every day from 1970 to 2400 follows the one before it by 86400 seconds")
    func consecutiveDays() {
        var expected: Int64 = 0
        for year in 1970...2400 {
            for month in 1...12 {
                for day in 1...31 {
                    let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
                    guard case .success(let seconds) = judge(text, DateCell.iso8601) else { continue }
                    #expect(seconds == expected)
                    expected += 86_400
                }
            }
        }
        // 2401-01-01, by `date -u -d 2401-01-01 +%s`.
        #expect(expected == 13_601_088_000)
    }

    @Test("A value is shown with 80 characters at most")
    func shortened() {
        func shown(_ text: String) -> String { Array(text.utf8).withUnsafeBufferPointer(CellText.shortened) }
        let eighty = String(repeating: "漢", count: 80)
        #expect(shown(eighty) == eighty)
        #expect(shown(eighty + "x") == String(repeating: "漢", count: 79) + "…")
        #expect(shown(String(repeating: "x", count: 100_000)).unicodeScalars.count == 80)
    }
}

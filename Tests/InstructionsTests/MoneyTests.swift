import Instructions
import Pacing
import Testing

@Suite("Money")
struct MoneyTests {
    static let read: [(String, String, Int64)] = [
        ("100.23", "USD", 10_023), ("100", "USD", 10_000), ("100.2", "USD", 10_020), ("0.01", "USD", 1),
        ("00.50", "EUR", 50), ("7", "JPY", 7), ("0.005", "KWD", 5), ("1.5", "KWD", 1500),
        ("0.0001", "CLF", 1),
        ("92233720368547758.07", "USD", .max), ("9223372036854775807", "JPY", .max), ("0", "USD", 0),
    ]
    static let refused: [(String, String, MoneyError)] = [
        ("", "USD", .notAnAmount), (".", "USD", .notAnAmount), (".5", "USD", .notAnAmount),
        ("5.", "USD", .notAnAmount), ("1.2.3", "USD", .notAnAmount), ("1,00", "USD", .notAnAmount),
        ("-1", "USD", .notAnAmount), ("+1", "USD", .notAnAmount), ("1e2", "USD", .notAnAmount),
        (" 1", "USD", .notAnAmount), ("１", "USD", .notAnAmount), ("1.234", "USD", .tooManyDecimals),
        ("1.0", "JPY", .tooManyDecimals), ("1.230", "USD", .tooManyDecimals), ("0x10", "USD", .notAnAmount),
        ("92233720368547758.08", "USD", .overflow), ("99999999999999999999", "JPY", .overflow),
        ("92233720368547759", "USD", .overflow), ("1.2345678901234567890123", "USD", .tooManyDecimals),
    ]

    @Test("amount text is taken exactly", arguments: read)
    func reads(text: String, code: String, minorUnits: Int64) throws {
        let currency = try #require(Currency(code: code))
        #expect(try Money(majorText: text, currency: currency).minorUnits == minorUnits)
    }

    @Test("amount text that is none is refused with its reason", arguments: refused)
    func refuses(text: String, code: String, error: MoneyError) throws {
        let currency = try #require(Currency(code: code))
        #expect(throws: error) { try Money(majorText: text, currency: currency) }
    }

    @Test("written and read again it is the same, for every currency", arguments: Currency.allCodes)
    func roundTrip(code: String) throws {
        let currency = try #require(Currency(code: code))
        var generator = SplitMix64(seed: 42)
        var amounts: [Int64] = [0, 1, 9, 10, 99, 100, 999, 1000, 1001, .max]
        for _ in 0..<200 { amounts.append(Int64.random(in: 0 ... .max, using: &generator)) }
        for minorUnits in amounts {
            let money = Money(minorUnits: minorUnits, currency: currency)
            #expect(try Money(majorText: money.majorText, currency: currency) == money)
            #expect(try Money(jsonNumber: money.majorText, currency: currency) == money)
        }
    }

    @Test(
        "a JSON number is taken exactly in any of its spellings",
        arguments: [
            ("100.23", 10_023), ("100.230", 10_023), ("1.0023e2", 10_023), ("1.0023E+2", 10_023),
            ("1e2", 10_000),
            ("0", 0), ("0e400", 0), ("-1.5", -150), ("10023e-2", 10_023), ("0.010000000000000000000", 1),
        ] as [(String, Int64)])
    func jsonNumbers(text: String, minorUnits: Int64) throws {
        let currency = try #require(Currency(code: "USD"))
        #expect(try Money(jsonNumber: text, currency: currency).minorUnits == minorUnits)
    }

    @Test(
        "a JSON number with more decimals or digits than fit is refused",
        arguments: [
            ("100.234", MoneyError.tooManyDecimals), ("1e-3", .tooManyDecimals), ("1e400", .overflow),
            ("1e999999999999999999999", .notAnAmount), ("1e401", .overflow),
            ("9007199254740993.011", .tooManyDecimals),
        ] as [(String, MoneyError)])
    func jsonRefused(text: String, error: MoneyError) throws {
        let currency = try #require(Currency(code: "USD"))
        #expect(throws: error) { try Money(jsonNumber: text, currency: currency) }
    }

    @Test("overflow and mixed currencies are errors, not wrong sums")
    func sums() throws {
        let usd = try #require(Currency(code: "USD"))
        let eur = try #require(Currency(code: "EUR"))
        let most = Money(minorUnits: .max, currency: usd)
        let one = Money(minorUnits: 1, currency: usd)
        #expect(throws: MoneyError.overflow) { try most.adding(one) }
        #expect(throws: MoneyError.overflow) { try Money(minorUnits: .min, currency: usd).subtracting(one) }
        #expect(throws: MoneyError.currencyMismatch) { try one.adding(Money(minorUnits: 1, currency: eur)) }
        #expect(try one.adding(one).minorUnits == 2)
    }

    @Test("the table has the exponents of ISO 4217")
    func currencies() {
        let expected = [
            "JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "EUR": 2, "USD": 2, "GBP": 2, "CNY": 2, "HUF": 2,
            "TWD": 2,
            "MGA": 2, "KWD": 3, "BHD": 3, "TND": 3, "IQD": 3, "CLF": 4, "UYW": 4,
        ]
        for (code, digits) in expected { #expect(Currency(code: code)?.minorUnitDigits == digits) }
        for code in ["XXX", "XAU", "XTS", "usd", "US", "", "DEM"] { #expect(Currency(code: code) == nil) }
        #expect(Currency.allCodes.count == 166)
        #expect(Currency.allCodes.allSatisfy { $0.count == 3 })
    }

    @Test("identities differ in every part, whatever it contains")
    func identities() {
        let base = AccountIdentity(gateway: "useepay", origin: "https://a", parties: ["1", "b c"])
        let others = [
            AccountIdentity(gateway: "useepay", origin: "https://a", parties: ["1 b", "c"]),
            AccountIdentity(gateway: "useepay", origin: "https://a", parties: ["1", "b%20c"]),
            AccountIdentity(gateway: "useepay", origin: "https://b", parties: ["1", "b c"]),
            AccountIdentity(gateway: "mangopay", origin: "https://a", parties: ["1", "b c"]),
        ]
        #expect(Set((others + [base]).map(\.text)).count == 5)
    }
}

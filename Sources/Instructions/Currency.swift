/// A currency of ISO 4217 that has a minor unit.
///
/// Source: ISO 4217 list one, with ANG and BGN kept because authorizations made before they were withdrawn
/// may still be open. Codes without a minor unit (XAU, XDR, XXX, …) and XAD, a unit of account between central
/// banks, are no currencies of a payment and are left out.
public struct Currency: Hashable, Sendable {
    /// Three upper-case letters.
    public let code: String
    /// Digits after the decimal point in major-unit text: 0 for JPY, 2 for EUR, 3 for KWD, 4 for CLF.
    public let minorUnitDigits: Int

    /// The currency of that upper-case code, or nil when ISO 4217 has none.
    public init?(code: String) {
        guard let digits = Self.minorUnitDigitsByCode[code] else { return nil }
        self.code = code
        self.minorUnitDigits = digits
    }

    /// All codes, in alphabetical order.
    public static var allCodes: [String] { minorUnitDigitsByCode.keys.sorted() }

    private static let minorUnitDigitsByCode: [String: Int] = {
        let groups = [0: zero, 2: two, 3: three, 4: four]
        var table: [String: Int] = [:]
        for (digits, codes) in groups {
            for code in codes.split(whereSeparator: \.isWhitespace) { table[String(code)] = digits }
        }
        return table
    }()

    private static let zero = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    private static let three = "BHD IQD JOD KWD LYD OMR TND"
    private static let four = "CLF UYW"
    private static let two = """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
        CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
        HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
        MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR
        SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU
        UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
        """
}

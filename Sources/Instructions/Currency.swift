/// A currency of ISO 4217 that has a minor unit.
///
/// Source: ISO 4217 list one, with ANG and BGN kept because authorizations made before they were withdrawn
/// may still be open. Codes without a minor unit (XAU, XDR, XXX, …) and XAD, a unit of account between central
/// banks, are no currencies of a payment and are left out.
public struct Currency: Hashable, Sendable {
    /// The three letters, the first one in the highest byte: every row's is compared and hashed.
    package let letters: UInt32
    private let digits: UInt8

    /// Three upper-case letters.
    public var code: String {
        String(unsafeUninitializedCapacity: 3) { bytes in
            for index in 0..<3 { bytes[index] = UInt8(truncatingIfNeeded: letters >> (16 - 8 * index)) }
            return 3
        }
    }

    /// Digits after the decimal point in major-unit text: 0 for JPY, 2 for EUR, 3 for KWD, 4 for CLF.
    public var minorUnitDigits: Int { Int(digits) }

    /// The currency of that upper-case code, or nil when ISO 4217 has none.
    public init?(code: String) {
        guard code.utf8.count == 3 else { return nil }
        self.init(letters: code.utf8.reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// The same for the three bytes of a code, the first one in the highest byte.
    package init?(letters: UInt32) {
        var place = 0
        for shift in [UInt32(16), 8, 0] {
            let letter = UInt8(truncatingIfNeeded: letters >> shift)
            guard letter >= UInt8(ascii: "A"), letter <= UInt8(ascii: "Z") else { return nil }
            place = place * 26 + Int(letter - UInt8(ascii: "A"))
        }
        digits = Self.digitsByPlace[place]
        guard digits != Self.none else { return nil }
        self.letters = letters
    }

    /// All codes, in alphabetical order.
    public static var allCodes: [String] {
        groups.flatMap { $0.codes.split(whereSeparator: \.isWhitespace).map(String.init) }.sorted()
    }

    private static let none = UInt8.max

    /// By the code as a number of base 26.
    private static let digitsByPlace: [UInt8] = {
        var table = [UInt8](repeating: none, count: 26 * 26 * 26)
        for (digits, codes) in groups {
            for code in codes.split(whereSeparator: \.isWhitespace) {
                table[code.utf8.reduce(0) { $0 * 26 + Int($1 - UInt8(ascii: "A")) }] = digits
            }
        }
        return table
    }()

    private static let groups: [(digits: UInt8, codes: String)] = [
        (0, zero), (2, two), (3, three), (4, four),
    ]

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

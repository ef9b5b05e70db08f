/// Times as Mangopay writes them. Own arithmetic on the ledger's text, for the reason given at `Timestamp`.
enum MangopayTime {
    /// Milliseconds since 1970 of a ledger's time, `2026-11-20T02:00:01.250Z`; nil for any other text.
    static func unixMilliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[10] == UInt8(ascii: "T"), bytes[23] == UInt8(ascii: "Z"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), 1...12 ~= month,
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            let thousandth = number(bytes[20..<23])
        else { return nil }
        let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        return seconds * 1000 + thousandth
    }

    /// The whole second of a ledger's time.
    static func unixSeconds(_ text: String) -> Int64 {
        (unixMilliseconds(text) ?? 0) / 1000
    }

    /// RFC 1123 (RFC 9110 section 5.6.7): `Fri, 20 Nov 2026 02:00:01 GMT`. For a ledger's time.
    static func rfc1123(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let month = bytes.count == 24 ? number(bytes[5..<7]).map(Int.init) ?? 1 : 1
        // 1970-01-01 was a Thursday.
        let weekday = weekdays[Int((unixSeconds(text) / 86_400 + 4) % 7)]
        let day = text.dropFirst(8).prefix(2)
        return "\(weekday), \(day) \(months[month - 1]) \(text.prefix(4)) \(text.dropFirst(11).prefix(8)) GMT"
    }

    /// Whether a text is `dd-mm-yyyy` and a day of the calendar.
    static func isDayMonthYear(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[2] == UInt8(ascii: "-"), bytes[5] == UInt8(ascii: "-"),
            let day = number(bytes[0..<2]), let month = number(bytes[3..<5]),
            let year = number(bytes[6..<10]),
            1...12 ~= month
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return 1...lengths[Int(month) - 1] ~= day
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in bytes {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// Howard Hinnant's `days_from_civil` (chrono-compatible low-level date algorithms), from year 0 on.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

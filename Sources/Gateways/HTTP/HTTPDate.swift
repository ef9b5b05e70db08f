import Pacing

/// The date format of HTTP headers.
enum HTTPDate {
    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7, IMF-fixdate), the only form that may
    /// be sent; nil for everything else, the two obsolete forms and a weekday that does not fit included.
    static func parse(_ text: String) -> WallTime? {
        let bytes = Array(text.utf8)
        guard bytes.count == 29, bytes[3...4].elementsEqual(", ".utf8),
            bytes[25...].elementsEqual(" GMT".utf8),
            bytes[7] == space, bytes[11] == space, bytes[16] == space, bytes[19] == colon, bytes[22] == colon,
            let weekday = index(of: bytes[0..<3], in: weekdays),
            let month = index(of: bytes[8..<11], in: months),
            let day = number(bytes[5..<7]), let year = number(bytes[12..<16]),
            let hour = number(bytes[17..<19]), let minute = number(bytes[20..<22]),
            let second = number(bytes[23..<25])
        else { return nil }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let daysInMonth = month == 1 && isLeapYear ? 29 : daysOfMonths[month]
        // Second 60 is a leap second.
        guard year >= 1970, (1...daysInMonth).contains(day), hour < 24, minute < 60, second <= 60 else {
            return nil
        }
        let days = daysSince1970(year: year, month: month, day: day, isLeapYear: isLeapYear)
        // 1 January 1970 was a Thursday, index 3.
        guard (days + 3) % 7 == weekday else { return nil }
        return WallTime(seconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second))
    }

    private static let space = UInt8(ascii: " ")
    private static let colon = UInt8(ascii: ":")
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// `month` counts from 0, `day` from 1.
    private static func daysSince1970(year: Int, month: Int, day: Int, isLeapYear: Bool) -> Int {
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400 - 477
        let daysBeforeMonth = daysOfMonths[..<month].reduce(0, +) + (month > 1 && isLeapYear ? 1 : 0)
        return (year - 1970) * 365 + leapDays + daysBeforeMonth + day - 1
    }

    private static func index(of name: ArraySlice<UInt8>, in names: [String]) -> Int? {
        names.firstIndex { name.elementsEqual($0.utf8) }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

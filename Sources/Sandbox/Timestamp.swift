import Glibc

/// Wall time as the ledger and the gateways write it. Own arithmetic: Foundation's formatters cost more than
/// a request.
package enum Timestamp {
    /// Milliseconds since 1970, UTC.
    package static func unixMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// `2026-11-20T02:00:01.250Z`; years 1970 to 9999.
    static func text(_ unixMilliseconds: Int64) -> String {
        let days = unixMilliseconds / 86_400_000
        let millisecondOfDay = unixMilliseconds % 86_400_000
        let (year, month, day) = civilDate(daysSince1970: days)
        let seconds = millisecondOfDay / 1000
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T"
            + padded(seconds / 3600, 2) + ":"
            + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2) + "."
            + padded(millisecondOfDay % 1000, 3)
            + "Z"
    }

    /// The same instant with second precision, as UseePay writes times: `2026-11-20T02:00:01Z`.
    static func withoutMilliseconds(_ text: String) -> String {
        String(text.prefix(19)) + "Z"
    }

    /// Whether a text has the shape `2026-11-20T02:00:01Z`, with decimals of the second or without.
    static func isISO8601(_ text: String) -> Bool {
        let shape = Array("0000-00-00T00:00:00".utf8)
        let bytes = Array(text.utf8)
        func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        guard bytes.count > shape.count, bytes.last == UInt8(ascii: "Z") else { return false }
        for (byte, wanted) in zip(bytes, shape) where byte != wanted {
            guard isDigit(byte), isDigit(wanted) else { return false }
        }
        let decimals = bytes[shape.count..<(bytes.count - 1)]
        return decimals.isEmpty
            || (decimals.first == UInt8(ascii: ".") && decimals.count > 1
                && decimals.dropFirst().allSatisfy(isDigit))
    }

    /// Whether one time in whole seconds is at or after another, which may have decimals.
    static func isNotBefore(_ seconds: String, _ other: String) -> Bool {
        let (whole, otherWhole) = (seconds.prefix(19), other.prefix(19))
        guard whole == otherWhole else { return whole > otherWhole }
        return other.dropFirst(19).allSatisfy { ".0Z".contains($0) }
    }

    /// RFC 9110 section 5.6.7: `Fri, 20 Nov 2026 02:00:01 GMT`; years 1970 to 9999.
    static func httpDate(_ unixMilliseconds: Int64) -> String {
        let days = unixMilliseconds / 86_400_000
        let (year, month, day) = civilDate(daysSince1970: days)
        let second = unixMilliseconds % 86_400_000 / 1000
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekdays[Int(days % 7)]), \(padded(day, 2)) \(months[Int(month) - 1]) \(padded(year, 4)) "
            + padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
            + " GMT"
    }

    /// Howard Hinnant's `civil_from_days` (chrono-compatible low-level date algorithms), for days from 1970
    /// on.
    private static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

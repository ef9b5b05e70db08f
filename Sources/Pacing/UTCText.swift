/// Times as reports write them: ISO 8601 in UTC with exactly three decimals, `2026-11-20T02:00:01.042Z`.
///
/// Own integers instead of a formatter: the same bytes under every locale and release.
package enum UTCText {
    package static func of(_ time: WallTime) -> String {
        var text = ""
        withBytes(of: time) { text = String(decoding: $0, as: UTF8.self) }
        return text
    }

    /// The same as bytes. Not generic, so that it is not bound to a type anew at each call from another room.
    package static func withBytes(of time: WallTime, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let (days, inDay) = floorDivision(time.milliseconds, by: 86_400_000)
        let (year, month, day) = civil(days: days)
        let (seconds, milliseconds) = (inDay / 1000, inDay % 1000)
        // 20 bytes and the year, of which 64 bits of milliseconds reach 9 digits and a sign.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 30) { text in
            var end = 0
            func append(_ byte: UInt8) {
                text[end] = byte
                end += 1
            }
            func put(_ number: Int64, _ width: Int, then byte: Unicode.Scalar) {
                var (rest, place) = (number, end + width)
                while place > end {
                    place -= 1
                    text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                end += width
                append(UInt8(ascii: byte))
            }
            if (0...9_999).contains(year) {
                put(year, 4, then: "-")
            } else {
                for byte in "\(padded(year, 4))-".utf8 { append(byte) }
            }
            put(month, 2, then: "-")
            put(day, 2, then: "T")
            put(seconds / 3600, 2, then: ":")
            put(seconds / 60 % 60, 2, then: ":")
            put(seconds % 60, 2, then: ".")
            put(milliseconds, 3, then: "Z")
            body(UnsafeBufferPointer(rebasing: text[..<end]))
        }
    }

    /// For people, rounded up to the minute: `Tue 14:10 UTC`, or `2026-12-08 14:10 UTC` from a week after `now` on.
    package static func minute(_ time: WallTime, seenFrom now: WallTime) -> String {
        let (days, inDay) = floorDivision(time.milliseconds + 59_999, by: 86_400_000)
        let clock = "\(padded(inDay / 3_600_000, 2)):\(padded(inDay / 60_000 % 60, 2)) UTC"
        guard days - floorDivision(now.milliseconds, by: 86_400_000).0 >= 7 else {
            // 1970-01-01 was a Thursday.
            let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
            return "\(weekdays[Int(floorDivision(days, by: 7).1)]) \(clock)"
        }
        let (year, month, day) = civil(days: days)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) \(clock)"
    }

    /// The proleptic Gregorian date of a day counted from 1970-01-01, by eras of 400 years that start in
    /// March (Howard Hinnant, chrono-compatible low-level date algorithms).
    ///
    ///     0 → 1970-01-01    11016 → 2000-02-29    -1 → 1969-12-31
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivision(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func floorDivision(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

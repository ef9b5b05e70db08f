/// The rules of the columns that hold a date, in integers only. Results are Unix seconds, UTC.
///
/// ISO 8601 extended forms: `2026-11-20` (midnight UTC), `2026-11-20T14:30Z`,
/// `2026-11-20T14:30:00.123+02:00`; a fraction of a second is dropped. No leap seconds, no 24:00.
enum DateCell {
    /// The last second of the year 9999.
    private static let last: Int64 = 253_402_300_799
    /// Smaller numbers are no Unix seconds of a payment (contract, section 3): 2001-09-09.
    private static let firstUnixSeconds: Int64 = 1_000_000_000

    /// ISO 8601 only, as `expires_at` takes it.
    static func iso8601(_ cell: Cell) throws(DateFault) -> Int64 {
        var reader = DateReader(cell)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2)
        else { throw .form }
        let midnight = try days(year, month, day) * 86_400
        if reader.isAtEnd { return midnight }
        guard reader.take("T") || reader.take("t") else { throw .form }
        return try checked(midnight + time(&reader))
    }

    /// ISO 8601, `dd-mm-yyyy` or Unix seconds, as `external_processing_date` takes it.
    static func processingDate(_ cell: Cell) throws(DateFault) -> Int64 {
        if !cell.isEmpty, cell.allSatisfy(CellText.isDigit) { return try unixSeconds(cell) }
        var reader = DateReader(cell)
        if let day = reader.number(2), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let year = reader.number(4), reader.isAtEnd
        {
            return try days(year, month, day) * 86_400
        }
        return try iso8601(cell)
    }

    private static func unixSeconds(_ cell: Cell) throws(DateFault) -> Int64 {
        // Twelve digits reach past 9999; milliseconds have thirteen.
        guard cell.count <= 12 else { throw .outOfRange }
        let seconds = cell.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        guard seconds >= firstUnixSeconds else { throw .form }
        return try checked(seconds)
    }

    /// Seconds of the day less the offset from UTC.
    private static func time(_ reader: inout DateReader) throws(DateFault) -> Int64 {
        guard let hour = reader.number(2), reader.take(":"), let minute = reader.number(2) else {
            throw .form
        }
        var second: Int64 = 0
        if reader.take(":") {
            guard let number = reader.number(2) else { throw .form }
            second = number
            if reader.take("."), !reader.skipDigits() { throw .form }
        }
        guard hour < 24, minute < 60, second < 60 else { throw .noSuchTime }
        return hour * 3_600 + minute * 60 + second - (try offset(&reader))
    }

    private static func offset(_ reader: inout DateReader) throws(DateFault) -> Int64 {
        if reader.isAtEnd { throw .noOffset }
        if reader.take("Z") || reader.take("z") {
            guard reader.isAtEnd else { throw .form }
            return 0
        }
        let sign: Int64 = reader.take("-") ? -1 : 1
        guard sign < 0 || reader.take("+"), let hours = reader.number(2), reader.take(":"),
            let minutes = reader.number(2), reader.isAtEnd
        else { throw .form }
        guard hours < 24, minutes < 60 else { throw .noSuchTime }
        return sign * (hours * 3_600 + minutes * 60)
    }

    private static func checked(_ seconds: Int64) throws(DateFault) -> Int64 {
        guard seconds >= 0, seconds <= last else { throw .outOfRange }
        return seconds
    }

    /// Days from 1970-01-01 in the Gregorian calendar.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`; the year is
    /// counted from March, so that the leap day is its last. 1970-01-01 → 0, 2000-02-29 → 11016, 2026-11-20 →
    /// 20777.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) throws(DateFault) -> Int64 {
        guard (1...12).contains(month), day >= 1, day <= length(of: month, year) else { throw .noSuchTime }
        guard year >= 1970 else { throw .outOfRange }
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func length(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Takes the digits and signs of a date one after the other.
private struct DateReader {
    private let bytes: Cell
    private var position = 0

    init(_ bytes: Cell) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// A number of exactly so many digits.
    mutating func number(_ digits: Int) -> Int64? {
        guard position + digits <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + digits] {
            guard CellText.isDigit(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += digits
        return value
    }

    mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: sign) else { return false }
        position += 1
        return true
    }

    /// False when there is none.
    mutating func skipDigits() -> Bool {
        let start = position
        while position < bytes.count, CellText.isDigit(bytes[position]) { position += 1 }
        return position > start
    }
}

/// How durations are written in the files: a whole number and its unit, `500ms`, `30s`, `15m`, `24h`.
enum DurationText {
    static let units = ["ms", "s", "m", "h"]

    /// What is wrong with a text that is no duration.
    enum Fault: Error, Equatable {
        /// Digits alone.
        case noUnit
        /// Digits and a unit that is not known.
        case unknownUnit(String)
        /// Anything else: a sign, a fraction, a space, words.
        case notADuration
    }

    /// Numbers past nine digits are refused: 10^9 hours still fit `Duration` and mean nothing.
    static func parse(_ text: String) -> Result<Duration, Fault> {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = String(text.dropFirst(digits.count))
        guard !digits.isEmpty, digits.count <= 9, let number = Int64(digits) else {
            return .failure(.notADuration)
        }
        switch unit {
        case "ms": return .success(.milliseconds(number))
        case "s": return .success(.seconds(number))
        case "m": return .success(.seconds(number * 60))
        case "h": return .success(.seconds(number * 3600))
        case "": return .failure(.noUnit)
        default:
            return .failure(unit.allSatisfy(\.isLetter) ? .unknownUnit(unit) : .notADuration)
        }
    }

    /// In the largest unit that leaves a whole number: 90 s → `90s`, 600 s → `10m`, 0 → `0s`.
    static func text(of duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard attoseconds == 0 else {
            return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms"
        }
        if seconds != 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds != 0, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}

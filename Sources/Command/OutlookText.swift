import JSON
import Operations
import Pacing

/// What a run that is not over still needs, for people and programs.
enum OutlookText {
    static func lines(_ outlook: Outlook) -> [String] {
        let limits = outlook.limits.map(\.text).joined(separator: ", ")
        return [
            "  limits: \(limits.isEmpty ? "none" : limits)",
            "  about \(counted(outlook.forecast.calls, "call")) left: it could end "
                + outlook.forecast.text(from: outlook.at),
        ]
    }

    static func json(_ outlook: Outlook) -> JSONValue {
        [
            "limits": .array(outlook.limits.map { .string($0.text) }),
            "calls_left": .number("\(outlook.forecast.calls)"),
            "ends_at": .string(UTCText.of(outlook.at.advanced(by: outlook.forecast.duration))),
            "binding": .orNull(outlook.forecast.binding?.text),
        ]
    }
}

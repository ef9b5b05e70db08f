import HTTPTypes

/// An answer that the fault script writes. All but `Retry-After` stands as it is written there.
struct ScriptedAnswer: Equatable, Sendable {
    var answer: SandboxAnswer
    /// Retry-After as an HTTP date so many seconds from the moment of the answer; negative is in the past.
    var retryAfterSeconds: Int?

    func answer(at unixMilliseconds: Int64) -> SandboxAnswer {
        guard let retryAfterSeconds else { return answer }
        var dated = answer
        let moment = max(0, unixMilliseconds + Int64(retryAfterSeconds) * 1000)
        dated.headers[.retryAfter] = Timestamp.httpDate(moment)
        return dated
    }

    /// Reads `date+5s` and `date-5s`, up to nine digits; nil for anything else.
    static func relativeDate(_ text: String) -> Int? {
        guard text.hasPrefix("date"), text.hasSuffix("s") else { return nil }
        let sign = text.dropFirst(4).prefix(1)
        let digits = text.dropFirst(5).dropLast()
        guard sign == "+" || sign == "-", 1...9 ~= digits.utf8.count,
            digits.utf8.allSatisfy({ 48...57 ~= $0 }),
            let seconds = Int(digits)
        else { return nil }
        return sign == "-" ? -seconds : seconds
    }
}

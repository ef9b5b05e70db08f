import HTTPTypes
import JSON

/// The object of one rule of a fault script, with its place for the messages.
struct FaultFields {
    typealias Mistake = FaultScript.Mistake

    let object: JSONObject
    let place: String

    /// - Parameter keys: the only ones that the object may have.
    init(_ value: JSONValue, at place: String, keys: [String]) throws(Mistake) {
        guard let object = value.object else { throw Mistake("\(place) must be an object.") }
        if let key = object.duplicateKeys.first { throw Mistake("\(place) has the key \(key) twice.") }
        if let key = object.members.map(\.key).first(where: { !keys.contains($0) }) {
            throw Mistake("\(place) has the unknown key \(key); known are \(keys.joined(separator: ", ")).")
        }
        self.object = object
        self.place = place
    }

    func whole(_ key: String, _ range: ClosedRange<Int>, absent: Int? = nil) throws(Mistake) -> Int {
        if let absent, object[key] == nil { return absent }
        guard let number = object[key]?.int64.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            let top = range.upperBound == .max ? "on" : "to \(range.upperBound)"
            throw Mistake("\(place).\(key) must be a whole number from \(range.lowerBound) \(top).")
        }
        return number
    }

    /// False when absent.
    func flag(_ key: String) throws(Mistake) -> Bool {
        guard let value = object[key] else { return false }
        guard let flag = value.bool else { throw Mistake("\(place).\(key) must be true or false.") }
        return flag
    }

    /// `status`, `headers` and `body`.
    func scriptedAnswer() throws(Mistake) -> ScriptedAnswer {
        var answer = SandboxAnswer(status: try whole("status", 200...599))
        switch object["body"] {
        case nil: break
        case .string(let text): answer.body = Array(text.utf8)
        case .some(let value):
            answer.body = value.bytes()
            answer.headers[.contentType] = "application/json"
        }
        if [204, 304].contains(answer.status), !answer.body.isEmpty {
            throw Mistake("\(place).body: an answer \(answer.status) has no body in HTTP.")
        }
        var scripted = ScriptedAnswer(answer: answer)
        guard let headers = object["headers"] else { return scripted }
        guard let members = headers.object?.members else {
            throw Mistake("\(place).headers must be an object.")
        }
        for member in members {
            guard let name = HTTPField.Name(member.key), let value = member.value.string,
                HTTPField.isValidValue(value)
            else { throw Mistake("\(place).headers.\(member.key) must be a header name with a string.") }
            guard ![.contentLength, .transferEncoding, .connection].contains(name) else {
                throw Mistake("\(place).headers.\(member.key) belongs to the server: it frames the answer.")
            }
            if name == .retryAfter, let seconds = ScriptedAnswer.relativeDate(value) {
                scripted.retryAfterSeconds = seconds
            } else {
                scripted.answer.headers[name] = value
            }
        }
        return scripted
    }
}

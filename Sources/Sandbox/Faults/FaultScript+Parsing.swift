import Glibc
import HTTPTypes
import JSON

/// ```
/// {"seed": 1, "faults": [
///   {"operation": "cancel", "probability": 0.1, "do": "drop_after"},
///   {"operation": "retrieve", "every": 10, "do": "answer", "status": 503, "headers": {"Retry-After": "2"}},
///   {"operation": "capture", "nth": 7, "intent_id": "1012411211459019141", "do": "drop_before"},
///   {"operation": "*", "every": 1, "do": "delay", "milliseconds": 200}]}
/// ```
/// Whatever is not known here is refused: a misspelt fault that never strikes would make a test pass for
/// nothing.
extension FaultScript {
    /// Reads a script file of at most 1 MiB.
    init(path: String, operations: [String]) throws(SandboxError) {
        guard let file = OwnedDescriptor(opening: path, O_RDONLY) else {
            throw .cannotUse(.faults, "open the fault script", path, reason: systemReason())
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Glibc.read(file.raw, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw .cannotUse(.faults, "read the fault script", path, reason: systemReason())
            }
            guard count > 0 else { break }
            bytes += piece[..<count]
            guard bytes.count <= 1 << 20 else {
                throw .badFaults(file: path, "a fault script has at most 1 MiB.")
            }
        }
        do {
            try self.init(parsing: bytes, operations: operations)
        } catch {
            throw .badFaults(file: path, error.what)
        }
    }

    /// What is wrong, without the file's name.
    struct Mistake: Error, Equatable {
        var what: String

        init(_ what: String) {
            self.what = what
        }
    }

    init(parsing bytes: [UInt8], operations: [String]) throws(Mistake) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw Mistake("not JSON at byte \(error.offset): \(error.message)")
        }
        let object = try Self.object(document, at: "the script", keys: ["seed", "faults"])
        seed = 1
        if let written = object["seed"] {
            guard let number = written.int64, number >= 0 else {
                throw Mistake("seed must be a whole number from 0 on.")
            }
            seed = UInt64(number)
        }
        guard let faults = object["faults"]?.array else {
            throw Mistake("faults is missing or not an array.")
        }
        rules = []
        for (index, value) in faults.enumerated() {
            rules.append(try Self.rule(value, at: "faults[\(index)]", operations: operations))
        }
    }

    private static func rule(_ value: JSONValue, at place: String, operations: [String]) throws(Mistake)
        -> Rule
    {
        let common = ["operation", "intent_id", "probability", "nth", "every", "do"]
        let allDoings = ["answer", "drop_before", "drop_after", "delay"]
        let doing = value["do"]?.string ?? ""
        let own: [String]
        switch doing {
        case "answer": own = ["status", "headers", "body"]
        case "delay": own = ["milliseconds"]
        case "drop_before", "drop_after": own = []
        default: throw Mistake("\(place).do must be one of \(allDoings.joined(separator: ", ")).")
        }
        let object = try Self.object(value, at: place, keys: common + own)
        let fault: Fault
        switch doing {
        case "answer": fault = .answer(try answer(object, at: place))
        case "delay":
            fault = .delay(milliseconds: try whole(object, "milliseconds", 0...3_600_000, at: place))
        case "drop_before": fault = .dropBefore
        default: fault = .dropAfter
        }
        guard let operation = object["operation"]?.string, operation == "*" || operations.contains(operation)
        else {
            throw Mistake("\(place).operation must be one of \(operations.joined(separator: ", ")) or *.")
        }
        if let intent = object["intent_id"], intent.string == nil {
            throw Mistake("\(place).intent_id must be a string.")
        }
        return Rule(
            operation: operation == "*" ? nil : operation, intentID: object["intent_id"]?.string,
            trigger: try trigger(object, at: place), fault: fault)
    }

    private static func trigger(_ object: JSONObject, at place: String) throws(Mistake) -> Trigger {
        let given = ["probability", "nth", "every"].filter { object[$0] != nil }
        guard given.count == 1 else {
            throw Mistake("\(place) must have exactly one of probability, nth, every.")
        }
        switch given[0] {
        case "nth": return .nth(try whole(object, "nth", 1...Int.max, at: place))
        case "every": return .every(try whole(object, "every", 1...Int.max, at: place))
        default:
            guard let chance = object["probability"]?.number.flatMap({ Double($0) }), 0...1 ~= chance else {
                throw Mistake("\(place).probability must be a number from 0 to 1.")
            }
            return .probability(chance)
        }
    }

    private static func answer(_ object: JSONObject, at place: String) throws(Mistake) -> SandboxAnswer {
        var answer = SandboxAnswer(status: try whole(object, "status", 200...599, at: place))
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
        guard let headers = object["headers"] else { return answer }
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
            answer.headers[name] = value
        }
        return answer
    }

    private static func whole(
        _ object: JSONObject, _ key: String, _ range: ClosedRange<Int>, at place: String
    ) throws(Mistake) -> Int {
        guard let number = object[key]?.int64.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            let top = range.upperBound == .max ? "on" : "to \(range.upperBound)"
            throw Mistake("\(place).\(key) must be a whole number from \(range.lowerBound) \(top).")
        }
        return number
    }

    private static func object(_ value: JSONValue, at place: String, keys: [String]) throws(Mistake)
        -> JSONObject
    {
        guard let object = value.object else { throw Mistake("\(place) must be an object.") }
        if let key = object.duplicateKeys.first { throw Mistake("\(place) has the key \(key) twice.") }
        if let key = object.members.map(\.key).first(where: { !keys.contains($0) }) {
            throw Mistake("\(place) has the unknown key \(key); known are \(keys.joined(separator: ", ")).")
        }
        return object
    }
}

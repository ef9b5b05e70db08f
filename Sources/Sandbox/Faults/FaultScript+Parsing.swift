import Glibc
import JSON

/// ```
/// {"seed": 1, "faults": [
///   {"operation": "cancel", "probability": 0.1, "do": "drop_after"},
///   {"operation": "retrieve", "every": 10, "do": "answer", "status": 503, "headers": {"Retry-After": "2"}},
///   {"operation": "capture", "nth": 7, "intent_id": "1012411211459019141", "do": "drop_before"},
///   {"operation": "*", "above": 10, "within": 1000, "do": "answer", "status": 429, "headers": {"Retry-After": "1"}},
///   {"operation": "*", "every": 1, "do": "delay", "milliseconds": 200}]}
/// ```
/// docs/sandbox.md has an example of each fault.
///
/// Whatever is not known here is refused: a misspelt fault that never strikes would make a test pass for
/// nothing.
extension FaultScript {
    /// Reads a script file of at most 1 MiB.
    init(path: String, operations: [String], specials: [SpecialFault]) throws(SandboxError) {
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
            try self.init(parsing: bytes, operations: operations, specials: specials)
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

    /// - Parameters:
    ///   - operations: those that a rule may name.
    ///   - specials: the special faults that the gateway knows.
    init(
        parsing bytes: [UInt8], operations: [String], specials: [SpecialFault] = []
    ) throws(Mistake) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw Mistake("not JSON at byte \(error.offset): \(error.message)")
        }
        let object = try FaultFields(document, at: "the script", keys: ["seed", "faults"]).object
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
            let place = "faults[\(index)]"
            rules.append(try Self.rule(value, at: place, operations: operations, specials: specials))
        }
    }

    private static func rule(
        _ value: JSONValue, at place: String, operations: [String], specials: [SpecialFault]
    ) throws(Mistake) -> Rule {
        let doing = value["do"]?.string ?? ""
        let known = Fault.commonNames + specials.map(\.rawValue)
        guard known.contains(doing) else {
            throw Mistake("\(place).do must be one of \(known.joined(separator: ", ")).")
        }
        let common = ["operation", "intent_id", "probability", "nth", "every", "above", "within", "do"]
        let fields = try FaultFields(value, at: place, keys: common + ownKeys(doing))
        let fault = try fault(doing, fields)
        let object = fields.object
        guard let operation = object["operation"]?.string, operation == "*" || operations.contains(operation)
        else {
            throw Mistake("\(place).operation must be one of \(operations.joined(separator: ", ")) or *.")
        }
        if let intent = object["intent_id"], intent.string == nil {
            throw Mistake("\(place).intent_id must be a string.")
        }
        return Rule(
            operation: operation == "*" ? nil : operation, intentID: object["intent_id"]?.string,
            trigger: try trigger(fields), fault: fault)
    }

    private static func ownKeys(_ doing: String) -> [String] {
        switch doing {
        case "answer", "apply_then_status": ["status", "headers", "body"]
        case "delay", "late", "drip": ["milliseconds"]
        case "hang", "half_status": ["apply"]
        case "html": ["status", "apply"]
        default: []
        }
    }

    private static func fault(_ doing: String, _ fields: FaultFields) throws(Mistake) -> Fault {
        switch doing {
        case "answer": return .answer(try fields.scriptedAnswer())
        case "apply_then_status": return .applyThenStatus(try fields.scriptedAnswer())
        case "drop_before": return .dropBefore
        case "drop_after": return .dropAfter
        case "late": return .late(milliseconds: try fields.whole("milliseconds", 0...3_600_000))
        case "delay": return .delay(milliseconds: try fields.whole("milliseconds", 0...3_600_000))
        case "drip": return .drip(milliseconds: try fields.whole("milliseconds", 0...10_000))
        case "hang": return .hang(apply: try fields.flag("apply"))
        case "half_status": return .halfStatus(apply: try fields.flag("apply"))
        case "html":
            let status = try fields.whole("status", 200...599, absent: 502)
            if [204, 304].contains(status) {
                throw Mistake("\(fields.place).status: an answer \(status) has no body in HTTP.")
            }
            return .html(status: status, apply: try fields.flag("apply"))
        default:
            if let damage = AnswerDamage(rawValue: doing) { return .damaged(damage) }
            guard let special = SpecialFault(rawValue: doing) else {
                preconditionFailure("A fault that is known by name only: \(doing)")
            }
            return .special(special)
        }
    }

    private static func trigger(_ fields: FaultFields) throws(Mistake) -> Trigger {
        let given = ["probability", "nth", "every", "above"].filter { fields.object[$0] != nil }
        guard given.count == 1 else {
            throw Mistake("\(fields.place) must have exactly one of probability, nth, every, above.")
        }
        guard given == ["above"] || fields.object["within"] == nil else {
            throw Mistake("\(fields.place).within belongs to above.")
        }
        switch given[0] {
        case "nth": return .nth(try fields.whole("nth", 1...Int.max))
        case "above":
            return .above(
                calls: try fields.whole("above", 1...1_000_000),
                milliseconds: Int64(try fields.whole("within", 1...86_400_000)))
        case "every": return .every(try fields.whole("every", 1...Int.max))
        default:
            guard let chance = fields.object["probability"]?.number.flatMap({ Double($0) }), 0...1 ~= chance
            else { throw Mistake("\(fields.place).probability must be a number from 0 to 1.") }
            return .probability(chance)
        }
    }
}

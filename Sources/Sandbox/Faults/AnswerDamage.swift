import JSON

/// Ways to damage an answer; by the names of the fault script.
///
/// The framing stays right, so the HTTP client sees nothing. An answer without the member in question (an
/// error, a list) leaves as it is. The members are found by both gateways' spellings: `id`, `Id`.
enum AnswerDamage: String, CaseIterable, Sendable {
    /// The intent's id differs in its last character.
    case wrongID = "wrong_id"
    /// The intent's amount differs in its last digit.
    case wrongAmount = "wrong_amount"
    /// The JSON ends in the middle.
    case truncated
    /// `id`, `amount` and `status` are there twice: first as they are, at the end with other values.
    case duplicateKeys = "duplicate_keys"

    func applied(to answer: SandboxAnswer) -> SandboxAnswer {
        var damaged = answer
        switch self {
        case .truncated:
            damaged.body = Array(answer.body.prefix(answer.body.count / 2))
        case .wrongID, .wrongAmount, .duplicateKeys:
            guard let object = (try? JSONValue(parsing: answer.body))?.object else { return answer }
            damaged.body = JSONValue.object(changed(object)).bytes()
        }
        return damaged
    }

    private func changed(_ object: JSONObject) -> JSONObject {
        let others = object.members.compactMap { member -> JSONObject.Member? in
            Self.other(member).map { .init(key: member.key, value: $0) }
        }
        switch self {
        case .duplicateKeys:
            return JSONObject(object.members + others)
        case .wrongID, .wrongAmount:
            let wanted = self == .wrongID ? "id" : "amount"
            var wrong = object
            for member in others where member.key.lowercased() == wanted { wrong[member.key] = member.value }
            return wrong
        case .truncated:
            return object
        }
    }

    /// A wrong value that looks like a right one; nil for a member that is never damaged.
    private static func other(_ member: JSONObject.Member) -> JSONValue? {
        switch (member.key, member.value) {
        case ("id", .string(let id)), ("Id", .string(let id)):
            guard let last = id.last else { return nil }
            return .string(id.dropLast() + otherCharacter(last))
        case ("amount", .number(let digits)), ("Amount", .number(let digits)):
            let mantissa = digits.prefix { $0 != "e" && $0 != "E" }
            guard let last = mantissa.last else { return nil }
            return .number(mantissa.dropLast() + otherCharacter(last) + digits.dropFirst(mantissa.count))
        case ("status", .string), ("Status", .string):
            return "unknown"
        default:
            return nil
        }
    }

    private static func otherCharacter(_ character: Character) -> String {
        switch character {
        case "0"..."8": String((character.wholeNumberValue ?? 0) + 1)
        case "9": "8"
        case "a": "b"
        default: "a"
        }
    }
}

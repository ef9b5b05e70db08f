import Glibc
import JSON

extension UseePayRules {
    /// Reads intents, one JSON object a line, in UseePay's own wire format. Only `id` is needed; an intent
    /// without more is an authorisation of 100.00 USD that waits for its capture. Blank lines are passed
    /// over.
    static func loadIntents(path: String) throws -> UseePayIntents {
        guard let file = OwnedDescriptor(opening: path, O_RDONLY) else {
            throw SandboxError.cannotUse(.intents, "open the intents file", path, reason: systemReason())
        }
        var intents = UseePayIntents()
        func take(_ line: [UInt8], _ number: Int) throws {
            if line.allSatisfy({
                $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t")
            }) {
                return
            }
            let intent: UseePayIntent
            do {
                intent = try UseePayIntent(line: line)
            } catch {
                throw SandboxError.badIntent(file: path, line: number, error.what)
            }
            guard intents[intent.id] == nil else {
                throw SandboxError.badIntent(
                    file: path, line: number, "the id \(intent.id) has been given on an earlier line.")
            }
            intents.put(intent)
        }
        let reading = try LineReader.read(file, path: path, failure: .intents, take)
        if !reading.tail.isEmpty { try take(reading.tail, reading.lines + 1) }
        return intents
    }
}

extension UseePayIntent {
    /// What is wrong with a line, without file and number.
    struct Mistake: Error, Equatable {
        var what: String

        init(_ what: String) {
            self.what = what
        }
    }

    /// One line of an intents file.
    init(line: [UInt8]) throws(Mistake) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw Mistake("not JSON at byte \(error.offset): \(error.message)")
        }
        guard let given = value.object else { throw Mistake("not a JSON object.") }
        try self.init(given: given)
    }

    /// The members of an intent on the wire, of which all but the id may be missing.
    init(given: JSONObject) throws(Mistake) {
        if let key = given.duplicateKeys.first { throw Mistake("the key \(key) is given twice.") }
        guard let id = given["id"]?.string, 1...128 ~= id.utf8.count else {
            throw Mistake("id must be a string of 1 to 128 bytes.")
        }
        let currency = try Self.text(given, "currency") ?? "USD"
        guard UseePayAmount.isCurrency(currency) else {
            throw Mistake("currency must be three capital letters.")
        }
        let statusText = try Self.text(given, "status") ?? UseePayStatus.requiresCapture.rawValue
        guard let status = UseePayStatus(wire: statusText) else {
            let known = UseePayStatus.allCases.map(\.rawValue).joined(separator: ", ")
            throw Mistake("the status \(statusText) is unknown; known are \(known), cancelled.")
        }
        let hundred = UseePayAmount(
            minorUnits: 100 * Self.minorUnits(perUnitOf: currency), currency: currency)
        let amount = try Self.amount(given, "amount", currency) ?? (hundred.text, hundred)
        let captured = try Self.amount(given, "captured_amount", currency)
        let createdAt = try Self.text(given, "create_at") ?? Defaults().createdAt
        let modifyAt = try Self.text(given, "modify_at") ?? createdAt

        self.id = id
        self.amount = amount.value
        self.amountDigits = amount.digits
        self.status = status
        let isCapturedWhole = status == .succeeded && given["captured_amount"] == nil
        self.capturedAmount = captured?.digits ?? (isCapturedWhole ? amount.digits : nil)
        self.cancellationReason = try Self.text(given, "cancellation_reason")
        self.cancelledAt = try Self.text(given, "cancelled_at") ?? (status == .canceled ? modifyAt : nil)
        self.modifyAt = modifyAt
        self.nextAction = given["next_action"] ?? .null
        self.others = Self.others(given)
    }

    private static func text(_ given: JSONObject, _ key: String) throws(Mistake) -> String? {
        guard let value = given[key], !value.isNull else { return nil }
        guard let text = value.string else { throw Mistake("\(key) must be a string.") }
        return text
    }

    private static func minorUnits(perUnitOf currency: String) -> Int64 {
        (0..<UseePayAmount.decimals(of: currency)).reduce(1) { power, _ in power * 10 }
    }

    private static func amount(
        _ given: JSONObject, _ key: String, _ currency: String
    ) throws(Mistake) -> (digits: String, value: UseePayAmount)? {
        guard let value = given[key], !value.isNull else { return nil }
        guard let digits = value.number else { throw Mistake("\(key) must be a number of major units.") }
        do {
            return (digits, try UseePayAmount(number: digits, currency: currency))
        } catch {
            throw Mistake("\(key) \(error.words(currency)).")
        }
    }

    private static let keptApart: Set<String> = [
        "id", "code", "source", "message", "amount", "currency", "status", "captured_amount",
        "cancellation_reason", "cancelled_at", "modify_at", "next_action",
    ]

    private static func others(_ given: JSONObject) -> JSONObject {
        JSONObject(
            given.members.filter { !keptApart.contains($0.key) }.map {
                .init(key: $0.key, value: UseePayShapes.completed($0.value, field: $0.key))
            })
    }
}

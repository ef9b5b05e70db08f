import JSON

/// The body of a request, field by field. An explicit null is an absent field.
struct UseePayFields {
    /// Room for what a field without a stated limit may hold; the body's limit holds anyway.
    static let longText = SandboxRequest.maximumBodyBytes
    /// More would make an answer, with every absent value as null, much larger than its request.
    static let maximumProducts = 1000

    private let body: JSONObject

    /// UseePay's clients send no body at all, `{}`, or PHP's empty array `[]`; the content type is not looked
    /// at.
    init(_ bytes: [UInt8]) throws(UseePayRefusal) {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        if bytes.allSatisfy(blanks.contains) {
            body = JSONObject()
            return
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .unreadableBody(error.message)
        }
        switch value {
        case .object(let object): body = object
        case .array([]): body = JSONObject()
        default: throw .unreadableBody("not a JSON object")
        }
    }

    subscript(_ key: String) -> JSONValue? {
        guard let value = body[key], !value.isNull else { return nil }
        return value
    }

    func required(_ key: String) throws(UseePayRefusal) {
        guard self[key] != nil else { throw .missingField(key) }
    }

    func text(_ key: String, most bytes: Int = longText) throws(UseePayRefusal) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.string else { throw .wrongField(key, "must be a string") }
        guard 1...bytes ~= text.utf8.count else {
            throw .wrongField(key, "must have 1 to \(bytes) bytes")
        }
        return text
    }

    func flag(_ key: String) throws(UseePayRefusal) -> Bool? {
        guard let value = self[key] else { return nil }
        guard let flag = value.bool else { throw .wrongField(key, "must be true or false") }
        return flag
    }

    func object(_ key: String) throws(UseePayRefusal) -> JSONObject? {
        guard let value = self[key] else { return nil }
        guard let object = value.object else { throw .wrongField(key, "must be an object") }
        if let products = object["products"]?.array, products.count > Self.maximumProducts {
            throw .wrongField(key + ".products", "must have at most \(Self.maximumProducts) items")
        }
        return object
    }

    func currency() throws(UseePayRefusal) -> String? {
        guard let currency = try text("currency") else { return nil }
        guard UseePayAmount.isCurrency(currency) else {
            throw .wrongField("currency", "must be three capital letters")
        }
        return currency
    }

    /// The digits as they were written, and their value.
    func amount(in currency: String) throws(UseePayRefusal) -> (digits: String, value: UseePayAmount)? {
        guard let value = self["amount"] else { return nil }
        guard let digits = value.number else { throw .wrongField("amount", "must be a number") }
        do {
            return (digits, try UseePayAmount(number: digits, currency: currency))
        } catch {
            throw .wrongField("amount", error.words(currency))
        }
    }
}

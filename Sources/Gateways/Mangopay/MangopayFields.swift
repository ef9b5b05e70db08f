import JSON

/// The members of one of Mangopay's objects, of which those that matter are not written twice.
struct MangopayFields {
    private let object: JSONObject
    private let name: String

    /// - Parameter name: the object in words, such as `a line item`.
    init(_ value: JSONValue, _ name: String, of fieldsThatMatter: [String]) throws(UnreadableBody) {
        guard let object = value.object else { throw UnreadableBody(why: "\(name) is no JSON object") }
        if let key = fieldsThatMatter.first(where: object.isRepeated) {
            throw UnreadableBody(why: "\(key) is written twice")
        }
        self.object = object
        self.name = name
    }

    /// nil for null.
    subscript(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func text(_ key: String) -> String { object[key]?.text ?? "missing" }

    /// A text that is not empty.
    func word(_ key: String) throws(UnreadableBody) -> String {
        guard let word = self[key]?.string, !word.isEmpty else { throw unreadable(key) }
        return word
    }

    /// An integer of the currency's minor units. A fraction, an exponent or quotes are not as documented.
    func minorUnits(_ key: String) throws(UnreadableBody) -> Int64 {
        guard let amount = self[key]?.int64, amount >= 0 else { throw unreadable(key) }
        return amount
    }

    /// Empty when absent.
    func list(_ key: String) throws(UnreadableBody) -> [JSONValue] {
        guard let value = self[key] else { return [] }
        guard let list = value.array else { throw unreadable(key) }
        return list
    }

    private func unreadable(_ key: String) -> UnreadableBody {
        UnreadableBody(why: "\(name)'s \(key) is \(text(key))")
    }
}

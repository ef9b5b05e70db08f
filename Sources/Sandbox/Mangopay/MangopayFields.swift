import JSON

/// The members of an object of Mangopay's, where null is the same as absent: its SDKs send many explicit
/// nulls (fact file, section 3).
struct MangopayFields: Sendable {
    let object: JSONObject

    init(_ object: JSONObject = JSONObject()) {
        self.object = object
    }

    /// Nothing but nulls, down to the bottom: an SDK's empty ExternalData is no ExternalData.
    var isBlank: Bool { object.members.allSatisfy { Self.isBlank($0.value) } }

    subscript(_ key: String) -> JSONValue? {
        // Not `isNull ? nil : value`: between two values of JSON that nil would be JSON's null.
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func text(_ key: String) throws(MangopayMistake) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.string else { throw MangopayMistake(key, "must be a string") }
        return text
    }

    /// An amount in minor units, a quantity or Unix seconds.
    func integer(_ key: String) throws(MangopayMistake) -> Int64? {
        guard let value = self[key] else { return nil }
        guard let number = value.int64 else { throw MangopayMistake(key, "must be an integer") }
        return number
    }

    /// The first of two spellings that is there.
    func integer(_ key: String, or other: String) throws(MangopayMistake) -> Int64? {
        try integer(self[key] == nil ? other : key)
    }

    func object(_ key: String) throws(MangopayMistake) -> JSONObject? {
        guard let value = self[key] else { return nil }
        guard let object = value.object else { throw MangopayMistake(key, "must be an object") }
        return MangopayFields(object).isBlank ? nil : object
    }

    func objects(_ key: String) throws(MangopayMistake) -> [MangopayFields]? {
        guard let value = self[key] else { return nil }
        guard let elements = value.array else { throw MangopayMistake(key, "must be an array") }
        var objects: [MangopayFields] = []
        for element in elements {
            guard let object = element.object else { throw MangopayMistake(key, "must hold objects") }
            objects.append(MangopayFields(object))
        }
        return objects
    }

    func currency() throws(MangopayMistake) -> String? {
        guard let code = try text("Currency") else { return nil }
        guard code.utf8.count == 3, code.utf8.allSatisfy({ UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 })
        else {
            throw MangopayMistake("Currency", "must be three capital letters")
        }
        return code
    }

    private static func isBlank(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .object(let object): MangopayFields(object).isBlank
        default: false
        }
    }
}

extension JSONValue {
    /// The text of a string, nil for every other kind.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The truth value, nil for every other kind.
    package var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The elements of an array, nil for every other kind.
    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The object, nil for every other kind.
    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The exact digits of a number, nil for every other kind.
    package var number: String? {
        if case .number(let digits) = self { digits } else { nil }
    }

    /// The value of a number written without fraction and exponent that fits 64 bits, otherwise nil:
    /// `1.0` and `1e2` are nil, because where an integer is expected they are a sign of a wrong field.
    package var int64: Int64? {
        if case .number(let digits) = self { Int64(digits) } else { nil }
    }

    /// Whether this is `null`.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// A member of an object (the last one of that key); nil when absent or when this is no object.
    package subscript(_ key: String) -> JSONValue? {
        object?[key]
    }
}

extension JSONValue {
    /// `null` where there is nothing.
    package static func orNull(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    package static func orNull(_ number: Int?) -> JSONValue { number.map { .number(String($0)) } ?? .null }
}

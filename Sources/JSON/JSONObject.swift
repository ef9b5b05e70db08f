/// The members of a JSON object in the order they were written, repeated keys included.
///
/// Keys are compared byte for byte (RFC 8259 section 8.3). Look-up is linear: the objects here have tens
/// of members, not thousands.
package struct JSONObject: Equatable, Sendable {
    /// One key with its value.
    package struct Member: Equatable, Sendable {
        package var key: String
        package var value: JSONValue

        package init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }

        package static func == (left: Member, right: Member) -> Bool {
            sameBytes(left.key, right.key) && left.value == right.value
        }
    }

    /// All members in order.
    package var members: [Member]

    /// An object of these members in this order.
    package init(_ members: [Member] = []) {
        self.members = members
    }

    /// An object of these pairs in this order.
    package init(_ pairs: KeyValuePairs<String, JSONValue>) {
        members = pairs.map { Member(key: $0.key, value: $0.value) }
    }

    /// The value of the last member of that key, as most readers take it.
    ///
    /// Setting replaces every member of that key by one at the place of the first, or appends one; setting
    /// nil removes them all.
    package subscript(_ key: String) -> JSONValue? {
        get {
            members.last { sameBytes($0.key, key) }?.value
        }
        set {
            let place = members.firstIndex { sameBytes($0.key, key) }
            members.removeAll { sameBytes($0.key, key) }
            guard let newValue else { return }
            members.insert(Member(key: key, value: newValue), at: place ?? members.endIndex)
        }
    }

    /// Whether a key is written twice or more.
    package func isRepeated(_ key: String) -> Bool {
        var count = 0
        for member in members where sameBytes(member.key, key) { count += 1 }
        return count > 1
    }

    /// The keys written twice or more, each once, in the order of their second writing.
    package var duplicateKeys: [String] {
        var seen: Set<[UInt8]> = []
        var reported: Set<[UInt8]> = []
        return members.compactMap { member in
            let key = Array(member.key.utf8)
            guard !seen.insert(key).inserted, reported.insert(key).inserted else { return nil }
            return member.key
        }
    }
}

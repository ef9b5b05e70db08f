/// All intents of the sandbox, in the order of their creation.
struct UseePayIntents: Sendable {
    private var byID: [String: UseePayIntent] = [:]
    private var ids: [String] = []
    /// Ids by the merchant's order ids, those apart that follow from the id. Of two in one file the first
    /// counts.
    private var byOrderID: [String: String] = [:]

    init() {}

    /// - Parameter intents: their ids must differ.
    init(_ intents: some Sequence<UseePayIntent>) {
        for intent in intents { put(intent) }
    }

    var count: Int { ids.count }

    subscript(id: String) -> UseePayIntent? { byID[id] }

    /// Puts an intent in the place of the one with its id, or at the end.
    mutating func put(_ intent: UseePayIntent) {
        if let old = byID.updateValue(intent, forKey: intent.id) {
            if let order = old.givenOrderID, byOrderID[order] == intent.id { byOrderID[order] = nil }
        } else {
            ids.append(intent.id)
        }
        if let order = intent.givenOrderID, byOrderID[order] == nil { byOrderID[order] = intent.id }
    }

    /// The intent that has this order id of the merchant.
    func intentID(ofOrder orderID: String) -> String? {
        if let id = byOrderID[orderID] { return id }
        guard orderID.hasPrefix(UseePayIntent.defaultOrderPrefix) else { return nil }
        let id = String(orderID.dropFirst(UseePayIntent.defaultOrderPrefix.count))
        return byID[id].flatMap { $0.givenOrderID == nil ? id : nil }
    }

    /// An id of 19 digits that no intent has; the same for the same intents.
    var nextID: String {
        var stream = SplitMix64(seed: UInt64(count))
        while true {
            let digits = String(stream.number(below: 1_000_000_000_000_000))
            let id = "1013" + String(repeating: "0", count: 15 - digits.utf8.count) + digits
            if byID[id] == nil { return id }
        }
    }

    /// One page of those that are wanted, oldest first, and whether more follow.
    func page(
        from offset: Int, size: Int, where isWanted: ((UseePayIntent) -> Bool)?
    ) -> (intents: [UseePayIntent], hasMore: Bool) {
        let found: [String]
        if let isWanted {
            let wanted = ids.lazy.filter { byID[$0].map(isWanted) ?? false }
            found = Array(wanted.dropFirst(offset).prefix(size + 1))
        } else {
            found = Array(ids.dropFirst(offset).prefix(size + 1))
        }
        return (found.prefix(size).compactMap { byID[$0] }, found.count > size)
    }
}

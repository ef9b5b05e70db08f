import JSON

extension UseePayRules {
    private static let usualPageSize = 10
    private static let largestPageSize = 100
    /// Keeps page times size within an Int.
    private static let lastPage = 1_000_000_000

    /// `page_num` counts from 0 (a sibling's page), `page` from 1 (the PHP SDK); `page_num` wins. Filters as
    /// the sibling has them: `customer_id`, `from_created_at`. Other parameters are not looked at.
    func list(_ request: SandboxRequest) throws(UseePayRefusal) -> SandboxAnswer {
        // Of a repeated parameter the last counts.
        let given = Dictionary(request.queryItems.filter { !$0.value.isEmpty }) { $1 }
        func whole(_ name: String, _ range: ClosedRange<Int>) throws(UseePayRefusal) -> Int? {
            guard let text = given[name] else { return nil }
            guard let number = Int(text), range.contains(number) else {
                let words = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
                throw .wrongField(name, words)
            }
            return number
        }
        let size = try whole("page_size", 1...Self.largestPageSize) ?? Self.usualPageSize
        let page = try whole("page", 1...Self.lastPage).map { $0 - 1 }
        let pageFromZero = try whole("page_num", 0...Self.lastPage) ?? page ?? 0
        let customer = given["customer_id"]
        let from = given["from_created_at"]
        if let from, !Timestamp.isISO8601(from) {
            throw .wrongField("from_created_at", "must be a time such as 2026-11-20T02:00:01.000Z")
        }
        var isWanted: ((UseePayIntent) -> Bool)?
        if customer != nil || from != nil {
            isWanted = { intent in
                if let customer, intent.others["customer_id"]?.string != customer { return false }
                guard let from else { return true }
                let created = intent.others["create_at"]?.string ?? defaults.createdAt
                return Timestamp.isNotBefore(created, from)
            }
        }
        let found = intents.page(from: pageFromZero * size, size: size, where: isWanted)
        return .json([
            "items": .array(found.intents.map { $0.wire(defaults) }), "has_more": .bool(found.hasMore),
        ])
    }
}

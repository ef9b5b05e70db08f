import Instructions

/// Two rows that break a rule together, as far as their hashes tell.
struct RowPair: Equatable {
    let later: Int
    let earlier: Int
}

/// Pairs by their later row: the first ones in the file up to a limit, and the number of all.
struct PairList {
    let limit: Int
    private(set) var pairs: [RowPair] = []
    private(set) var count = 0

    init(limit: Int) { self.limit = limit }

    mutating func append(_ pair: RowPair) {
        count += 1
        pairs.append(pair)
        // Twice the limit before sorting, so that each pair is sorted a few times only.
        if pairs.count >= 2 * limit { trim() }
    }

    mutating func trim() {
        pairs.sort { ($0.later, $0.earlier) < ($1.later, $1.earlier) }
        pairs.removeLast(max(0, pairs.count - limit))
    }
}

/// Follows one rule through a file.
struct PairFinder {
    let rule: any FileRule
    private let hash = KeyedHash()
    private var log: HashLog

    init(rule: any FileRule, memoryRows: Int, directory: String) {
        self.rule = rule
        log = HashLog(memoryEntries: memoryRows, directory: directory)
    }

    mutating func visit(_ row: Instruction) throws {
        guard rule.concerns(row) else { return }
        let key = hash.key { rule.feedKey(row, to: &$0) }
        let tag = rule.tag(row, hash)
        try log.append(HashEntry(high: key.high, low: key.low, tag: tag, row: Int64(row.row)))
    }

    /// For each row that breaks the rule the first row that it breaks it with.
    mutating func pairs(limit: Int) throws -> PairList {
        var list = PairList(limit: limit)
        let relation = rule.relation
        try log.forEachPartition { entries in
            var start = 0
            while start < entries.count {
                var end = start + 1
                while end < entries.count, entries[end].hasSameKey(as: entries[start]) { end += 1 }
                if end - start > 1 { Self.addPairs(of: entries[start..<end], relation, to: &list) }
                start = end
            }
        }
        list.trim()
        return list
    }

    /// Of the entries of one key, sorted by tag and row.
    private static func addPairs(
        of group: ArraySlice<HashEntry>, _ relation: TagRelation, to list: inout PairList
    ) {
        guard let first = group.min(by: { $0.row < $1.row }) else { return }
        let firstOfOtherTag = group.lazy.filter { $0.tag != first.tag }.map(\.row).min()
        let firstWithoutTag = group.first.flatMap { $0.tag == 0 ? $0.row : nil }
        var firstOfSameTag = first
        for (index, entry) in zip(group.indices, group) {
            if index == group.startIndex || entry.tag != firstOfSameTag.tag { firstOfSameTag = entry }
            let earlier: Int64? =
                switch relation {
                case .any: first.row
                case .sameOrNone where entry.tag == 0: first.row
                case .sameOrNone: min(firstOfSameTag.row, firstWithoutTag ?? .max)
                case .different: entry.tag == first.tag ? firstOfOtherTag : first.row
                }
            guard let earlier, earlier < entry.row else { continue }
            list.append(RowPair(later: Int(entry.row), earlier: Int(earlier)))
        }
    }
}

import Instructions

/// Follows one rule through a file.
struct PairFinder {
    let rule: any PairRule
    private let memoryRows: Int
    private let directory: String
    private var log: SpillLog<HashEntry>

    init(rule: any PairRule, memoryRows: Int, directory: String) {
        self.rule = rule
        self.memoryRows = memoryRows
        self.directory = directory
        log = SpillLog(
            memoryEntries: memoryRows, directory: directory, partition: HashEntry.partition)
    }

    mutating func visit(_ row: HashedRow) throws {
        guard rule.concerns(row.row) else { return }
        try log.append(HashEntry(key: rule.key(row), tag: rule.tag(row), row: Int64(row.row.row)))
    }

    /// For each row that breaks the rule the first row that it breaks it with.
    ///
    /// - Parameter lastRow: no row has a greater number.
    func pairs(lastRow: Int) throws -> PairCursor {
        let stretch = lastRow / SpillLog<RowPair>.partitions + 1
        var pairs = SpillLog<RowPair>(memoryEntries: memoryRows, directory: directory) { $0.later / stretch }
        let relation = rule.relation
        var entries: [HashEntry] = []
        for partition in 0..<SpillLog<HashEntry>.partitions {
            try log.read(partition: partition, into: &entries) { RepeatedKeys.keep(in: &$0) }
            var start = 0
            while start < entries.count {
                var end = start + 1
                while end < entries.count, entries[end].key == entries[start].key { end += 1 }
                if end - start > 1 { try Self.addPairs(of: entries[start..<end], relation, to: &pairs) }
                start = end
            }
        }
        return try PairCursor(rule: rule, log: pairs)
    }

    /// Of the entries of one key, sorted by tag and row.
    private static func addPairs(
        of group: ArraySlice<HashEntry>, _ relation: TagRelation, to pairs: inout SpillLog<RowPair>
    ) throws {
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
            try pairs.append(RowPair(later: Int(entry.row), earlier: Int(earlier)))
        }
    }
}

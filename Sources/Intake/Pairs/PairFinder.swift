import Instructions

/// Follows the rules over pairs through those rows of a file whose intent or reference came again. They share one
/// log, each entry names its rule.
struct PairFinder {
    private let rules: [any PairRule]
    private let memoryRows: Int
    private let directory: String
    private let log: SpillLog<HashEntry>

    /// - Parameter memoryRows: as many entries of each rule stay in memory.
    init(rules: [any PairRule], memoryRows: Int, directory: String) {
        self.rules = rules
        self.memoryRows = memoryRows
        self.directory = directory
        log = SpillLog(
            memoryEntries: memoryRows * rules.count, directory: directory, partition: HashEntry.partition)
    }

    /// - Parameters:
    ///   - intentRepeats: whether another row may have the intent.
    ///   - referenceRepeats: whether another row may have the reference.
    func visit(_ row: HashedRow, intentRepeats: Bool, referenceRepeats: Bool) throws {
        for (index, rule) in rules.enumerated() {
            guard rule.comparesIDs ? intentRepeats : referenceRepeats, rule.concerns(row) else { continue }
            try log.append(HashEntry(rule: index, key: rule.key(row), tag: rule.tag(row), row: row.row))
        }
    }

    /// For each rule, and each row that breaks it, the first row that it breaks it with.
    ///
    /// - Parameter lastRow: no row has a greater number.
    func pairs(lastRow: Int) throws -> [PairCursor] {
        let stretch = lastRow / SpillLog<RowPair>.partitions + 1
        let pairs = rules.map { _ in
            SpillLog<RowPair>(memoryEntries: memoryRows, directory: directory) { $0.later / stretch }
        }
        var entries: [HashEntry] = []
        for partition in 0..<SpillLog<HashEntry>.partitions {
            try log.read(partition: partition, into: &entries)
            entries.sort()
            var start = 0
            while start < entries.count {
                let (key, rule) = (entries[start].key, entries[start].rule)
                var end = start + 1
                while end < entries.count, entries[end].key == key, entries[end].rule == rule { end += 1 }
                if end - start > 1 {
                    try Self.addPairs(of: entries[start..<end], rules[rule].relation, to: pairs[rule])
                }
                start = end
            }
        }
        return try zip(rules, pairs).map { try PairCursor(rule: $0, log: $1) }
    }

    /// Of the entries of one key and rule, sorted by tag and row.
    private static func addPairs(
        of group: ArraySlice<HashEntry>, _ relation: TagRelation, to pairs: SpillLog<RowPair>
    ) throws {
        guard let first = group.min(by: { $0.row < $1.row }) else { return }
        let firstOfOtherTag = group.lazy.filter { $0.tag != first.tag }.map(\.row).min()
        let firstWithoutTag = group.first.flatMap { $0.tag == 0 ? $0.row : nil }
        var firstOfSameTag = first
        for (index, entry) in zip(group.indices, group) {
            if index == group.startIndex || entry.tag != firstOfSameTag.tag { firstOfSameTag = entry }
            let earlier: Int? =
                switch relation {
                case .any: first.row
                case .sameOrNone where entry.tag == 0: first.row
                case .sameOrNone: min(firstOfSameTag.row, firstWithoutTag ?? .max)
                case .different: entry.tag == first.tag ? firstOfOtherTag : first.row
                }
            guard let earlier, earlier < entry.row else { continue }
            try pairs.append(RowPair(later: entry.row, earlier: earlier))
        }
    }
}

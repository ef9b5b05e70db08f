/// Two rows that break a rule together, as far as their hashes tell.
struct RowPair: Comparable, BitwiseCopyable {
    let later: Int
    let earlier: Int

    /// By the later row; a rule has one pair for it at most.
    static func < (left: RowPair, right: RowPair) -> Bool { left.later < right.later }
}

/// Hands out the pairs of one rule by their later row.
struct PairCursor {
    let rule: any PairRule
    private let log: SpillLog<RowPair>
    private var partition = -1
    private var pairs: [RowPair] = []
    private var position = 0

    init(rule: any PairRule, log: SpillLog<RowPair>) throws {
        self.rule = rule
        self.log = log
        try load()
    }

    /// The next pair, until `advance` is called; nil at the end.
    var current: RowPair? { position < pairs.count ? pairs[position] : nil }

    mutating func advance() throws {
        position += 1
        try load()
    }

    private mutating func load() throws {
        while position >= pairs.count, partition < SpillLog<RowPair>.partitions - 1 {
            partition += 1
            position = 0
            try log.read(partition: partition, into: &pairs)
            pairs.sort()
        }
    }
}

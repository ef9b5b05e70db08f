/// Collects entries of one size and hands them back in partitions, in memory that hardly grows with their number:
/// past a bound they are spilled in 1,024 partitions.
///
/// Memory past the bound: that of `SpillPages`, and at the end one partition, a 1,024th of all entries
/// (25 million of 32 bytes: 0.8 MB).
final class SpillLog<Entry: BitwiseCopyable> {
    static var partitions: Int { 1_024 }

    private let memoryEntries: Int
    private let directory: String
    /// The partition of an entry, 0 to 1,023: entries that belong together have the same.
    private let partition: @Sendable (Entry) -> Int
    // `@exclusivity(unchecked)`: nothing calls back while one of these is read or written, and the checks cost
    // more than an append.
    /// Before the first spill everything, afterwards nothing.
    @exclusivity(unchecked) private var entries: [Entry] = []
    @exclusivity(unchecked) private var pages: SpillPages<Entry>?

    init(memoryEntries: Int, directory: String, partition: @escaping @Sendable (Entry) -> Int) {
        self.memoryEntries = memoryEntries
        self.directory = directory
        self.partition = partition
    }

    /// Throws `IntakeError` with `.temporaryFile`, as `read` does.
    func append(_ entry: Entry) throws {
        if try pages?.append(entry, to: partition(entry)) != nil { return }
        entries.append(entry)
        guard entries.count > memoryEntries else { return }
        pages = try SpillPages<Entry>(partitions: Self.partitions, directory: directory)
        for entry in entries { try pages?.append(entry, to: partition(entry)) }
        entries = []
    }

    /// The entries of one partition, in no order, put into the array instead of what it holds. Before the first
    /// spill all of them are in partition 0.
    func read(partition index: Int, into found: inout [Entry]) throws {
        found.removeAll(keepingCapacity: true)
        if try pages?.read(partition: index, into: &found) == nil, index == 0 {
            found.append(contentsOf: entries)
        }
    }
}

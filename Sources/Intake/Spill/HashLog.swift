/// Collects one entry a row and hands them back grouped by key, in memory that hardly grows with their
/// number: past a bound they are spilled in 64 partitions by the first bits of the key.
///
/// Memory past the bound: 64 pages of 8 KiB, 8 bytes a page of 256 entries, and at the end one partition, a
/// 64th of 32 bytes a row (10 million rows: 5 MB).
struct HashLog {
    private static let partitions = 64

    private let memoryEntries: Int
    private let directory: String
    /// Before the first spill everything, afterwards nothing.
    private var entries: [HashEntry] = []
    private var file: SpillFile?
    private var openPages: [[HashEntry]] = []
    private var fullPages: [[Int]] = []

    init(memoryEntries: Int, directory: String) {
        self.memoryEntries = memoryEntries
        self.directory = directory
    }

    mutating func append(_ entry: HashEntry) throws {
        if let file {
            try spill(entry, to: file)
            return
        }
        entries.append(entry)
        guard entries.count > memoryEntries else { return }
        let file = try SpillFile(in: directory)
        self.file = file
        openPages = Array(repeating: [], count: Self.partitions)
        fullPages = Array(repeating: [], count: Self.partitions)
        for entry in entries { try spill(entry, to: file) }
        entries = []
    }

    /// Calls with the sorted entries of one partition after the other; all entries of a key come in one call.
    mutating func forEachPartition(_ body: ([HashEntry]) -> Void) throws {
        guard let file else {
            entries.sort(by: HashEntry.precedes)
            return body(entries)
        }
        var partition: [HashEntry] = []
        for index in 0..<Self.partitions {
            partition.removeAll(keepingCapacity: true)
            for page in fullPages[index] { try file.read(page, into: &partition) }
            partition.append(contentsOf: openPages[index])
            partition.sort(by: HashEntry.precedes)
            body(partition)
        }
    }

    private mutating func spill(_ entry: HashEntry, to file: SpillFile) throws {
        let index = Int(entry.high >> 58)
        openPages[index].append(entry)
        guard openPages[index].count == SpillFile.pageEntries else { return }
        fullPages[index].append(try file.append(openPages[index]))
        openPages[index].removeAll(keepingCapacity: true)
    }
}

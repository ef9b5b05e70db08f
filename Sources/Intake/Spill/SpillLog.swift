/// What a `SpillLog` keeps: entries of one size, in an order of their own.
protocol SpillEntry: BitwiseCopyable {
    static func precedes(_ left: Self, _ right: Self) -> Bool
}

/// Collects entries and hands them back in sorted partitions, in memory that hardly grows with their number:
/// past a bound they are spilled in 64 partitions.
///
/// Memory past the bound: 64 pages of 256 entries, 8 bytes a page, and at the end one partition, a 64th of
/// all entries (10 million of 32 bytes: 5 MB).
struct SpillLog<Entry: SpillEntry> {
    static var partitions: Int { 64 }
    private static var pageEntries: Int { 256 }
    private static var pageBytes: Int { pageEntries * MemoryLayout<Entry>.stride }

    private let memoryEntries: Int
    private let directory: String
    /// The partition of an entry, 0 to 63: entries that belong together have the same.
    private let partition: @Sendable (Entry) -> Int
    /// Before the first spill everything, afterwards nothing.
    private var entries: [Entry] = []
    private var file: NamelessFile?
    private var pages = 0
    private var openPages: [[Entry]] = []
    private var fullPages: [[Int]] = []

    init(memoryEntries: Int, directory: String, partition: @escaping @Sendable (Entry) -> Int) {
        self.memoryEntries = memoryEntries
        self.directory = directory
        self.partition = partition
    }

    mutating func append(_ entry: Entry) throws {
        if let file {
            try spill(entry, to: file)
            return
        }
        entries.append(entry)
        guard entries.count > memoryEntries else { return }
        let file = try NamelessFile(in: directory)
        self.file = file
        openPages = Array(repeating: [], count: Self.partitions)
        fullPages = Array(repeating: [], count: Self.partitions)
        for entry in entries { try spill(entry, to: file) }
        entries = []
    }

    /// The sorted entries of one partition, put into the array instead of what it holds. Before the first
    /// spill all of them are in partition 0.
    ///
    /// - Parameter filter: takes out what need not be sorted.
    func read(
        partition index: Int, into sorted: inout [Entry], filter: (inout [Entry]) -> Void = { _ in }
    ) throws {
        sorted.removeAll(keepingCapacity: true)
        if let file {
            for page in fullPages[index] { try read(page, of: file, into: &sorted) }
            sorted.append(contentsOf: openPages[index])
        } else if index == 0 {
            sorted.append(contentsOf: entries)
        }
        filter(&sorted)
        sorted.sort(by: Entry.precedes)
    }

    private mutating func spill(_ entry: Entry, to file: NamelessFile) throws {
        let index = partition(entry)
        openPages[index].append(entry)
        guard openPages[index].count == Self.pageEntries else { return }
        try openPages[index].withUnsafeBytes { try file.write($0, at: pages * Self.pageBytes) }
        fullPages[index].append(pages)
        pages += 1
        openPages[index].removeAll(keepingCapacity: true)
    }

    private func read(_ page: Int, of file: NamelessFile, into entries: inout [Entry]) throws {
        let bytes = try [Entry](unsafeUninitializedCapacity: Self.pageEntries) { buffer, count in
            try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: page * Self.pageBytes)
            count = Self.pageEntries
        }
        entries.append(contentsOf: bytes)
    }
}

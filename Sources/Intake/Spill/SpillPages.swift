/// Entries of many partitions in one temporary file: each partition fills a page of its own in memory, full pages go
/// to the file in the order in which they get full, and each names the one before it of its partition.
///
/// Memory: a page for each partition, and 32 full ones that are written with one call; with 1,024 partitions of
/// 32-byte entries 2.1 MB, of 8-byte ones 0.5 MB.
struct SpillPages<Entry: BitwiseCopyable>: ~Copyable {
    /// In entries. The first place is for the link.
    private static var pageLength: Int { 64 }
    private static var pageBytes: Int { pageLength * MemoryLayout<Entry>.stride }
    private static var stagedPages: Int { 32 }
    private static var noPage: Int { -1 }

    private let file: NamelessFile
    private let open: UnsafeMutablePointer<Entry>
    private let staged: UnsafeMutablePointer<Entry>
    /// By partition: the next free place of its open page, and its last full page.
    private let next: UnsafeMutablePointer<Int>
    private let last: UnsafeMutablePointer<Int>
    /// Full pages, and how many of them are in the file.
    private var pages = 0
    private var written = 0

    /// Throws `IntakeError` with `.temporaryFile`, as the other calls do.
    init(partitions: Int, directory: String) throws {
        precondition(MemoryLayout<Entry>.stride >= MemoryLayout<Int>.size, "a link needs a place")
        file = try NamelessFile(in: directory)
        open = .allocate(capacity: partitions * Self.pageLength)
        staged = .allocate(capacity: Self.stagedPages * Self.pageLength)
        next = .allocate(capacity: partitions)
        next.initialize(repeating: 1, count: partitions)
        last = .allocate(capacity: partitions)
        last.initialize(repeating: Self.noPage, count: partitions)
    }

    deinit {
        open.deallocate()
        staged.deallocate()
        next.deallocate()
        last.deallocate()
    }

    /// The caller names one of the partitions.
    @inline(__always)
    mutating func append(_ entry: Entry, to partition: Int) throws {
        let place = next[partition]
        open[partition * Self.pageLength + place] = entry
        next[partition] = place + 1
        if place + 1 == Self.pageLength { try close(partition) }
    }

    /// Appends the entries of a partition to the array, in no order.
    mutating func read(partition: Int, into entries: inout [Entry]) throws {
        try flush()
        let page = open + partition * Self.pageLength
        entries.append(contentsOf: UnsafeBufferPointer(start: page + 1, count: next[partition] - 1))
        var number = last[partition]
        // Nothing is staged now, so that its memory is free.
        while number != Self.noPage {
            try file.read(
                into: UnsafeMutableRawBufferPointer(start: staged, count: Self.pageBytes),
                at: number * Self.pageBytes)
            entries.append(contentsOf: UnsafeBufferPointer(start: staged + 1, count: Self.pageLength - 1))
            number = UnsafeRawPointer(staged).load(as: Int.self)
        }
    }

    private mutating func close(_ partition: Int) throws {
        let page = open + partition * Self.pageLength
        UnsafeMutableRawPointer(page).storeBytes(of: last[partition], as: Int.self)
        (staged + (pages - written) * Self.pageLength).update(from: page, count: Self.pageLength)
        last[partition] = pages
        next[partition] = 1
        pages += 1
        if pages - written == Self.stagedPages { try flush() }
    }

    private mutating func flush() throws {
        guard pages > written else { return }
        try file.write(
            UnsafeRawBufferPointer(start: staged, count: (pages - written) * Self.pageBytes),
            at: written * Self.pageBytes)
        written = pages
    }
}

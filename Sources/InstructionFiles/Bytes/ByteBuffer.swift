/// Bytes at a place that stays the same until the next change, so that cells can point into them.
///
/// `ByteMarks.blockBytes` bytes from any byte on may be read: what lies behind the last one says nothing.
final class ByteBuffer {
    // `@exclusivity(unchecked)` as in `RowMembers`.
    @exclusivity(unchecked) private(set) var base: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private(set) var count = 0
    @exclusivity(unchecked) private var capacity: Int

    init(capacity: Int = 4_096) {
        self.capacity = capacity
        base = Self.memory(capacity)
    }

    deinit { base.deallocate() }

    /// Makes room for so many bytes in all; cells that pointed here are gone.
    @inline(__always)
    func reserve(_ needed: Int) {
        if needed > capacity { grow(to: needed) }
    }

    private func grow(to needed: Int) {
        capacity = max(needed, 2 * capacity)
        let larger = Self.memory(capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    private static func memory(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let all = capacity + ByteMarks.blockBytes
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: all)
        memory.initialize(repeating: 0, count: all)
        return memory
    }

    func append(_ bytes: some Sequence<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ append($0) }) == nil {
            for byte in bytes { append(byte) }
        }
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(count + bytes.count)
        (base + count).update(from: start, count: bytes.count)
        count += bytes.count
    }

    @inline(__always)
    func append(_ byte: UInt8) {
        reserve(count + 1)
        base[count] = byte
        count += 1
    }

    /// Takes bytes off the front.
    func dropFirst(_ dropped: Int) {
        guard dropped > 0 else { return }
        base.update(from: base + dropped, count: count - dropped)
        count -= dropped
    }

    func removeAll() { count = 0 }

    /// All bytes.
    var bytes: Cell { Cell(start: base, count: count) }

    /// The bytes from a place on.
    func cell(from start: Int) -> Cell { Cell(start: base + start, count: count - start) }
}

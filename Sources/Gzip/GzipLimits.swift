/// Bounds of what a gzip stream may become, so that a small file cannot fill a disk or a night.
package struct GzipLimits: Hashable, Sendable {
    /// Decompressed bytes in all, over all members.
    package var bytes: Int64
    /// Decompressed bytes for each compressed one, judged once more than `ratioFloor` bytes came out.
    /// Deflate reaches 1,030; rows of instructions reach 5 to 20, since each has an id of its own.
    package var ratio: Int64
    /// gzip files may be concatenated; some tools cut theirs every 64 KiB.
    package var members: Int

    /// 1 MiB: what so little becomes harms nobody, however well it was compressed.
    package static let ratioFloor: Int64 = 1 << 20

    package init(bytes: Int64 = 1 << 36, ratio: Int64 = 200, members: Int = 1_000_000) {
        self.bytes = bytes
        self.ratio = ratio
        self.members = members
    }
}

/// The bytes of a record that are no content: separators, quotes, line ends; found eight at a time.
///
/// All of them are ASCII. Without their top bits, `(x ^ mark) + 0x7F…` leaves the top bit clear in those bytes alone
/// that are the mark, and carries nothing into the next byte: so that, unlike in `ByteSearch`, every mark of a word is
/// sure and a word is looked at once. Source: "Bit Twiddling Hacks", "Determine if a word has a zero byte".
struct ByteMarks {
    /// So many bytes are looked at in one go, whether they belong to the record or not.
    static let blockBytes = 8

    private let separator: UInt64
    private static let quote = ByteSearch.ones &* UInt64(ByteSearch.quote)
    private static let lineFeed = ByteSearch.ones &* UInt64(ByteSearch.lineFeed)
    private static let carriageReturn = ByteSearch.ones &* UInt64(ByteSearch.carriageReturn)

    init(separator: UInt8) { self.separator = ByteSearch.ones &* UInt64(separator) }

    /// Eight bytes, the first one the lowest.
    @inline(__always)
    static func load(_ place: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// The top bit of each byte that is a mark.
    @inline(__always)
    func marks(_ word: UInt64) -> UInt64 {
        let low = word & ~ByteSearch.tops
        let content =
            differing(low, separator) & differing(low, Self.quote) & differing(low, Self.lineFeed)
            & differing(low, Self.carriageReturn)
        return ~(content | word) & ByteSearch.tops
    }

    /// The top bit of each byte that is not the mark.
    @inline(__always)
    private func differing(_ low: UInt64, _ mark: UInt64) -> UInt64 { (low ^ mark) &+ ~ByteSearch.tops }
}

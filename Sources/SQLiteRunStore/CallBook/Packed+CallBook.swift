import FoundationEssentials
import Pacing

// A book as packed fields, in whole milliseconds, all of which it rounds to itself. An entry is written as what it
// ends after the one before it.
extension SharedCallBook {
    static func pack(_ book: CallBook) -> Data {
        var fields = PackedFields()
        fields.add(book.isPastKnown ? Int64(1) : 0)
        fields.add(book.pausedUntil.wholeMilliseconds)
        fields.add(Int64(book.claims.count))
        for claim in book.claims {
            fields.add(Int64(bitPattern: claim.claimant))
            fields.add(claim.until.wholeMilliseconds)
        }
        fields.add(Int64(book.windows.count))
        for window in book.windows {
            fields.add(window.length.wholeMilliseconds)
            fields.add(window.unknownUntil.wholeMilliseconds)
            fields.add(window.keptUntil.wholeMilliseconds)
            fields.add(Int64(window.entries.count))
            var before: Int64 = 0
            for entry in window.entries {
                let freeAt = entry.freeAt.wholeMilliseconds
                fields.add(freeAt - before)
                fields.add(Int64(entry.calls))
                before = freeAt
            }
        }
        return Data(fields.bytes)
    }

    static func unpack(_ content: Data) throws(PackedFault) -> CallBook {
        var reader = PackedReader(Array(content))
        let isPastKnown = try reader.number() == 1
        let pausedUntil = try time(&reader)
        var claims: [CallBook.Claim] = []
        for _ in 0..<(try reader.count()) {
            let claimant = UInt64(bitPattern: try reader.number())
            claims.append(CallBook.Claim(claimant: claimant, until: try time(&reader)))
        }
        var windows: [CallWindow] = []
        for _ in 0..<(try reader.count()) { windows.append(try window(&reader)) }
        try reader.end()
        return CallBook(
            windows: windows, pausedUntil: pausedUntil, claims: claims, isPastKnown: isPastKnown)
    }

    private static func window(_ reader: inout PackedReader) throws(PackedFault) -> CallWindow {
        let (length, unknownUntil, keptUntil) = (try time(&reader), try time(&reader), try time(&reader))
        var entries: [CallWindow.Entry] = []
        var freeAt: Duration = .zero
        for _ in 0..<(try reader.count()) {
            freeAt += try time(&reader)
            entries.append(CallWindow.Entry(freeAt: freeAt, calls: Int(try reader.number())))
        }
        guard
            let window = CallWindow(
                length: length, entries: entries, unknownUntil: unknownUntil, keptUntil: keptUntil)
        else { throw PackedFault(offset: 0) }
        return window
    }

    private static func time(_ reader: inout PackedReader) throws(PackedFault) -> Duration {
        .milliseconds(try reader.number())
    }
}

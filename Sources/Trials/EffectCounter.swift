import Foundation

/// Counts the effects of a ledger that grows, reading only what is new: it is asked every few milliseconds.
package struct EffectCounter: Sendable {
    private static let mark = Data(#""kind":"effect""#.utf8)
    private var offset: UInt64 = 0
    private var effects = 0

    package init() {}

    /// - Parameter path: the same each time; nil, or a file that is not there, has none yet.
    package mutating func count(in path: String?) throws -> Int {
        guard let path, FileManager.default.fileExists(atPath: path) else { return effects }
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: offset)
        guard let bytes = try file.readToEnd(), let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            return effects
        }
        // Up to the last whole line.
        var rest = bytes[...end]
        offset += UInt64(rest.count)
        while let found = rest.range(of: Self.mark) {
            effects += 1
            rest = rest[found.upperBound...]
        }
        return effects
    }
}

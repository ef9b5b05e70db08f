import Foundation
import Testing

/// Files of a report as they were looked at and found right.
enum Golden {
    /// Expects the text of that file, but for the sizes of compressed files, which another zlib makes others.
    /// What differs is put beside the temporary files, to be looked at and copied.
    static func expect(_ text: String, is name: String) throws {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Golden"))
        guard try lines(String(contentsOf: url, encoding: .utf8)) != lines(text) else { return }
        let found = NSTemporaryDirectory() + "found-" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: found))
        Issue.record("\(name) differs; what was written is in \(found)")
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.contains(".gz</bdi>"),
                let size = line.range(of: "<td class=\"n\">", options: .backwards)
            else { return line }
            return line[..<size.lowerBound]
        }
    }
}

import JSON
import Spool

/// `manifest.json`: published last, it means that the report is whole.
struct Manifest {
    static let name = "manifest.json"

    let run: String
    /// The release that wrote the report; not compared, so that a newer one can still verify it.
    let version: String
    let files: [PublishedFile.Receipt]

    var bytes: [UInt8] {
        let listed = files.map { file -> JSONValue in
            [
                "name": .string(file.name), "size": .number(String(file.byteCount)),
                "sha256": .string(file.sha256),
            ]
        }
        let value: JSONValue = [
            "format": 1, "run": .string(run), "version": .string(version), "files": .array(listed),
        ]
        return value.bytes(pretty: true) + [UInt8(ascii: "\n")]
    }

    /// What an earlier publication listed: SHA-256 by name. nil when it is no manifest of this format.
    static func listed(_ bytes: [UInt8]) -> [String: String]? {
        guard let value = try? JSONValue(parsing: bytes), value["format"]?.int64 == 1,
            let files = value["files"]?.array
        else { return nil }
        var hashes: [String: String] = [:]
        for file in files {
            guard let name = file["name"]?.string, let hash = file["sha256"]?.string else { return nil }
            hashes[name] = hash
        }
        return hashes
    }
}

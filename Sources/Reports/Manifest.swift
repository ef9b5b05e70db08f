import Glibc
import JSON
import Runs
import Spool

/// `manifest.json`: published last, it means that the report is whole.
package struct Manifest {
    static let name = "manifest.json"

    let run: RunRecord
    /// The run's, or `refused`.
    let state: String
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
            "format": 1, "run": .string(run.name), "identity": .string(run.identity),
            "state": .string(state), "revision": .number(String(run.revision)),
            "version": .string(version), "files": .array(listed),
        ]
        return value.bytes(pretty: true) + [UInt8(ascii: "\n")]
    }

    /// The account of a published report of a run that sent something; nil where there is none.
    package static func identity(inReport directory: String) -> String? {
        guard let bytes = read(directory + "/" + name), let value = try? JSONValue(parsing: bytes),
            RunState(rawValue: value["state"]?.string ?? "")?.isOver == true
        else { return nil }
        return value["identity"]?.string
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

    /// At most 1 MiB, far beyond any manifest; nil with `errno` set when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { return nil }
        return Array(bytes[..<count])
    }
}

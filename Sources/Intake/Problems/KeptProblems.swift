import Glibc
package import Instructions
import JSON
package import Runs
import Spool

/// The problems of a run's file, kept beside its snapshot from the import on: its report can be written again
/// whatever the job says by then. One JSON object a line; no file where there are none.
package struct KeptProblems {
    private let file: LineFile?
    private let path: String

    /// Those of the run. Throws `IntakeError` when they cannot be read, as `next` does.
    package init(of run: RunRecord) throws {
        path = Self.path(of: run)
        file = LineFile(path: path)
        if file == nil, errno != ENOENT { throw IntakeError.keptProblems(path) }
    }

    /// In the order of the file; nil after the last one.
    package mutating func next() throws -> Problem? {
        guard let file, let line = file.next() else { return nil }
        guard let value = try? JSONValue(parsing: line), let problem = Problem(kept: value) else {
            throw IntakeError.keptProblems(path)
        }
        return problem
    }

    /// Replaces what an import that was cut short may have left. Throws `SpoolError`, and `IntakeError` from
    /// the log.
    static func keep(_ log: ProblemLog, of run: RunRecord) throws {
        let path = path(of: run)
        unlink(path)
        var problems = try log.problems()
        guard var problem = try problems.next() else { return }
        let publication = try Publication(directory: folder(of: run))
        let file = try publication.create(name(of: run))
        while true {
            try file.append(problem.kept.bytes() + [UInt8(ascii: "\n")])
            guard let following = try problems.next() else { break }
            problem = following
        }
        _ = try file.commit()
    }

    private static func path(of run: RunRecord) -> String { folder(of: run) + "/" + name(of: run) }

    private static func folder(of run: RunRecord) -> String {
        // Absolute, so there is a slash.
        let path = run.input.snapshotPath
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private static func name(of run: RunRecord) -> String { run.keyBase + ".problems" }
}

/// The lines of a file, one at a time.
private final class LineFile {
    private let file: UnsafeMutablePointer<FILE>
    private var buffer: UnsafeMutablePointer<CChar>?
    private var capacity = 0

    /// nil with `errno` set when it cannot be opened.
    init?(path: String) {
        guard let file = fopen(path, "rb") else { return nil }
        self.file = file
    }

    deinit {
        free(buffer)
        fclose(file)
    }

    /// Without its line end; nil at the end.
    func next() -> [UInt8]? {
        let count = getline(&buffer, &capacity, file)
        guard count > 0, let buffer else { return nil }
        let bytes = UnsafeBufferPointer(start: buffer, count: count).map { UInt8(bitPattern: $0) }
        return bytes.last == UInt8(ascii: "\n") ? Array(bytes.dropLast()) : bytes
    }
}

extension Problem {
    fileprivate var kept: JSONValue {
        [
            "code": .string(code), "severity": .string(severity.rawValue), "row": .orNull(row),
            "line": .orNull(line), "column": .orNull(column), "value": .orNull(value),
            "message": .string(message), "mend": .string(mend),
        ]
    }

    fileprivate init?(kept value: JSONValue) {
        guard let code = value["code"]?.string,
            let severity = Severity(rawValue: value["severity"]?.string ?? ""),
            let message = value["message"]?.string, let mend = value["mend"]?.string
        else { return nil }
        self.init(
            code: code, severity: severity, row: value["row"]?.int64.map(Int.init),
            line: value["line"]?.int64.map(Int.init), column: value["column"]?.string,
            value: value["value"]?.string, message: message, mend: mend)
    }
}

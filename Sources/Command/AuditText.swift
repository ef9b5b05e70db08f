import JSON
import Pacing
import Runs

/// Who did what, for people and programs.
enum AuditText {
    /// `2026-11-20T02:00:01.042Z started by ann@host (process 7 on host): note`
    static func line(_ entry: AuditEntry) -> String {
        let place = "process \(entry.pid) on \(entry.host)"
        let more = [entry.detail, entry.note.map { "note: \($0)" }].compactMap { $0 }.joined(separator: "; ")
        let start = "\(UTCText.of(entry.at)) \(entry.event.rawValue) by \(entry.actor) (\(place))"
        return more.isEmpty ? start : "\(start): \(more)"
    }

    static func json(_ entries: [AuditEntry]) -> JSONValue { .array(entries.map(json)) }

    private static func json(_ entry: AuditEntry) -> JSONValue {
        [
            "event": .string(entry.event.rawValue), "at": .string(UTCText.of(entry.at)),
            "by": .string(entry.actor), "note": .orNull(entry.note), "host": .string(entry.host),
            "pid": .number("\(entry.pid)"), "run": .orNull(entry.run), "file": .orNull(entry.file),
            "detail": .orNull(entry.detail),
        ]
    }
}

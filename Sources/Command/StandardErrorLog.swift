import Glibc
import JSON
import Logging
import Operations

/// Log lines on stderr: `2026-11-20T02:00:01Z info executing rows=8000 run=…`, or one JSON object a line.
struct StandardErrorLog: LogHandler {
    let format: LogFormat
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    init(format: LogFormat) { self.format = format }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let time = UTCClockText.now()
        switch format {
        case .text:
            let tail = fields.map { " \($0.key)=\($0.value)" }.joined()
            StandardError.write("\(time) \(event.level) \(event.message)\(tail)")
        case .json:
            var object = JSONObject([
                "time": .string(time), "level": .string("\(event.level)"),
                "message": .string("\(event.message)"),
            ])
            for (key, value) in fields { object[key] = .string("\(value)") }
            StandardError.write(JSONValue.object(object).text)
        }
    }
}

/// Whole lines, written with one call each so that lines of several tasks do not mix.
enum StandardError {
    static func write(_ line: String) {
        writeWhole(Terminal.takeLine() + line + "\n", to: STDERR_FILENO)
    }

    /// What belongs to the terminal's progress line.
    static func writeUnended(_ text: String) {
        writeWhole(text, to: STDERR_FILENO)
    }
}

enum StandardOutput {
    static func write(_ text: String) {
        Terminal.clear()
        writeWhole(text + "\n", to: STDOUT_FILENO)
    }
}

/// What cannot be written (a closed pipe, a full disk) is let go: the outcome is in the store and the exit code.
private func writeWhole(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

/// The wall clock as `2026-11-20T02:00:01Z`.
enum UTCClockText {
    static func now() -> String { text(unixSeconds: time(nil)) }

    static func text(unixSeconds: Int) -> String {
        var seconds = time_t(unixSeconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
            + "T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))Z"
    }
}

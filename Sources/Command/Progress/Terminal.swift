import Glibc
import Synchronization

/// The line at the bottom of the terminal that stderr is, redrawn in place.
enum Terminal {
    /// Back to the line's start, and everything on it away (ECMA-48: CR, EL).
    private static let clearing = "\r\u{1B}[K"

    /// Whether a line stands there now, so that whatever else is written takes its place.
    private static let isDrawn = Atomic(false)

    /// Whether a person watches stderr.
    static var isWatched: Bool {
        isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
    }

    /// Columns of a line; 80 where the terminal does not say.
    static var width: Int {
        var size = winsize()
        let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }

    static func draw(_ line: String) {
        isDrawn.store(true, ordering: .sequentiallyConsistent)
        StandardError.writeUnended(clearing + line)
    }

    static func clear() {
        let clearing = takeLine()
        if !clearing.isEmpty { StandardError.writeUnended(clearing) }
    }

    /// What a writer puts before its own line: nothing, or what clears the one that stands there. Each is
    /// written with one call, so that no mixture of the two remains.
    static func takeLine() -> String {
        isDrawn.exchange(false, ordering: .sequentiallyConsistent) ? clearing : ""
    }
}

import Pacing

/// The newest events of a seed that is replayed.
final class Trace {
    private var lines: [String] = []
    let limit: Int

    init(limit: Int) { self.limit = limit }

    func add(at time: Duration, _ text: String) {
        let milliseconds = (time - World.start).wholeMilliseconds
        lines.append("\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())s \(text)")
        if lines.count > 2 * limit { lines.removeFirst(limit) }
    }

    var last: [String] { lines.suffix(limit) }
}

import HTTPTypes

/// Counts calls in sliding windows: at no moment are there more admitted calls in the last so many seconds
/// than the limit says. Refused calls do not count. (Which kind of window Mangopay has was not found.)
struct MangopayWindows: Sendable {
    private let limits: [MangopayLimit]
    /// When the admitted calls came, oldest first; bounded by the calls of the longest window, which is cut
    /// off when as many again have left it.
    private var times: [Int64] = []
    /// For each limit, the place of the first call that is in its window.
    private var starts: [Int]
    private let longest: Int

    init(_ limits: [MangopayLimit]) {
        self.limits = limits
        starts = limits.map { _ in 0 }
        longest = limits.indices.max { limits[$0].windowSeconds < limits[$1].windowSeconds } ?? 0
    }

    /// Whether a call is let in; then it counts.
    mutating func admit(at unixMilliseconds: Int64) -> Bool {
        guard !limits.isEmpty else { return true }
        // Heads are timed before they queue at the desk, so neighbours may come in the other order.
        let now = max(unixMilliseconds, times.last ?? unixMilliseconds)
        for (index, limit) in limits.enumerated() {
            let end = now - Int64(limit.windowSeconds) * 1000
            while starts[index] < times.count, times[starts[index]] <= end { starts[index] += 1 }
        }
        let cut = starts[longest]
        if cut > 1024, cut > times.count / 2 {
            times.removeFirst(cut)
            for index in starts.indices { starts[index] -= cut }
        }
        guard limits.indices.allSatisfy({ times.count - starts[$0] < limits[$0].calls }) else { return false }
        times.append(now)
        return true
    }

    /// One line for each window and name, as the wire most likely has them. The reset is when all of the
    /// window would be free again, as in the page's sample: one instant plus each window.
    func headers(at unixMilliseconds: Int64) -> HTTPFields {
        var fields = HTTPFields()
        func add(_ name: String, _ values: [Int64]) {
            // These literals are valid header names.
            for value in values {
                fields.append(HTTPField(name: HTTPField.Name(name)!, value: String(value)))
            }
        }
        let counts = starts.map { times.count - $0 }
        let second = (unixMilliseconds + 999) / 1000
        add("x-ratelimit", counts.map { Int64($0) })
        add("x-ratelimit-remaining", zip(limits, counts).map { Int64(max(0, $0.calls - $1)) })
        add("x-ratelimit-reset", limits.map { second + Int64($0.windowSeconds) })
        return fields
    }
}

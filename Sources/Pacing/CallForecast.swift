/// When calls can start at the earliest under several limits at once, if nothing but the limits holds them up.
///
/// In any span of a limit's length at most its calls may start, so call `n` starts no earlier than call `n - limit`
/// and the length later, for every limit; calls made before the forecast come first in that order. Taking each call at
/// that moment is the fastest way that keeps them all.
///
/// With 2,300 in 15 min and 8,800 in 1 h:
///
/// | call | starts after |
/// |---|---|
/// | 2,300 | 0 |
/// | 2,301 | 15 min |
/// | 6,901 | 45 min |
/// | 8,801 | 1 h |
public struct CallForecast: Hashable, Sendable {
    /// A limit, and the calls that count in it when the forecast begins: how long they still do, soonest first.
    struct Window: Hashable, Sendable {
        let limit: CallLimit
        let used: [CallWindow.Entry]
        let usedCalls: Int

        init(_ limit: CallLimit, used: [CallWindow.Entry] = []) {
            self.limit = limit
            self.used = used
            usedCalls = used.reduce(0) { $0 + $1.calls }
        }

        /// How long the used call with that index, from 0, still counts.
        func freeAt(_ index: Int) -> Duration {
            var end = 0
            for entry in used {
                end += entry.calls
                if index < end { return entry.freeAt }
            }
            preconditionFailure("only a used call stops counting")
        }

        /// When that call, from 1, starts if this limit stands alone.
        func start(ofCall call: Int) -> Duration {
            // The call, in the order of all, that must stop counting first; it waits for one before it itself.
            let gate = usedCalls + call - 1 - limit.calls
            let rounds = gate < usedCalls ? 0 : (gate - usedCalls) / limit.calls + 1
            let first = gate - rounds * limit.calls
            return limit.length * rounds + (first < 0 ? .zero : freeAt(first))
        }
    }

    private let windows: [Window]
    private let opens: Duration
    /// The starts of the newest calls, at most as many as the largest limit allows, in a ring.
    private var starts: [Duration] = []
    private var counted = 0
    private var last: Duration

    /// Begins with nothing used.
    public init(_ limits: [CallLimit]) {
        self.init(windows: limits.map { Window($0) }, opens: .zero)
    }

    /// - Parameter opens: no call starts earlier.
    init(windows: [Window], opens: Duration) {
        self.windows = windows
        self.opens = opens
        last = opens
    }

    /// How long after now that call starts.
    /// - Parameter call: from 1; never smaller than the one asked for before.
    public mutating func start(ofCall call: Int) -> Duration {
        precondition(call >= counted, "calls are asked for in order")
        guard let size = windows.map(\.limit.calls).max() else { return opens }
        while counted < call {
            for window in windows {
                let gate = window.usedCalls + counted - window.limit.calls
                if gate >= window.usedCalls {
                    last = max(last, starts[(gate - window.usedCalls) % size] + window.limit.length)
                } else if gate >= 0 {
                    last = max(last, window.freeAt(gate))
                }
            }
            if starts.count < size { starts.append(last) } else { starts[counted % size] = last }
            counted += 1
        }
        return last
    }

    /// The limit that alone would take the longest for so many calls; nil when none holds them up.
    public func binding(calls: Int) -> CallLimit? {
        guard calls > 0 else { return nil }
        let alone = windows.map { (limit: $0.limit, time: $0.start(ofCall: calls)) }
        return alone.filter { $0.time > .zero }
            .max { ($0.time, $0.limit.length) < ($1.time, $1.limit.length) }?.limit
    }
}

extension CallBook {
    /// When calls can start under those limits from now on, after all that is in the book, if nobody else calls.
    public func forecast(_ limits: [CallLimit], now: Duration) -> CallForecast {
        var book = self
        book.prepare(limits, now: now)
        let windows = limits.map { limit in
            guard let window = book.windows.first(where: { $0.length == limit.length }) else {
                preconditionFailure("a prepared book has a window for every limit")
            }
            return CallForecast.Window(limit, used: window.used(under: limit.calls, now: now))
        }
        return CallForecast(windows: windows, opens: max(.zero, pausedUntil - now))
    }
}

extension CallWindow {
    /// What counts now, by how long it still does.
    fileprivate func used(under limit: Int, now: Duration) -> [Entry] {
        let certain = entries.filter { $0.freeAt > max(now, unknownUntil) }
        let missing = unknownUntil > now ? limit - certain.reduce(0) { $0 + $1.calls } : 0
        let unknown = missing > 0 ? [Entry(freeAt: unknownUntil, calls: missing)] : []
        return (unknown + certain).map { Entry(freeAt: $0.freeAt - now, calls: $0.calls) }
    }
}

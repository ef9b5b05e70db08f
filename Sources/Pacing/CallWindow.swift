/// What counts in a sliding window over the starts of calls.
///
/// A call counts from the moment leave for it is given until the close of that leave plus `length`. In any span of
/// `length` no more calls start than were in use at once, whenever in its leave each call starts.
///
/// The moments at which calls stop counting are rounded up to a grain of a four-hundredth of the window, so that a
/// window of any limit has at most some 500 entries; that costs at most 0.25 % of the rate.
public struct CallWindow: Sendable {
    public struct Entry: Hashable, Sendable {
        /// When its calls stop counting.
        public let freeAt: Duration
        /// At least 1.
        public var calls: Int

        public init(freeAt: Duration, calls: Int) {
            self.freeAt = freeAt
            self.calls = calls
        }
    }

    public let length: Duration
    /// Whole milliseconds.
    let grain: Duration
    /// Oldest first, no two at the same time; among them some that were freed lately, see `lag`.
    public private(set) var entries: [Entry] = []
    /// The window counts as full before then: nobody knows what was called before the book began.
    public private(set) var unknownUntil: Duration
    /// No limit of a process asks for the window after this.
    public internal(set) var keptUntil: Duration

    /// Entries that are free by now, at the front.
    private var freed = 0
    private var inUse = 0

    init(length: Duration, unknownUntil: Duration = .zero) {
        self.length = length
        self.unknownUntil = unknownUntil
        keptUntil = .zero
        grain = max(.milliseconds(1), (length / 400).roundedUp(to: .milliseconds(1)))
    }

    /// As it was written down; nil when its entries are in no order.
    public init?(length: Duration, entries: [Entry], unknownUntil: Duration, keptUntil: Duration) {
        guard length >= .milliseconds(1), entries.allSatisfy({ $0.calls > 0 }),
            zip(entries, entries.dropFirst()).allSatisfy({ $0.freeAt < $1.freeAt })
        else { return nil }
        self.init(length: length, unknownUntil: unknownUntil)
        self.keptUntil = keptUntil
        self.entries = entries
        inUse = entries.reduce(0) { $0 + $1.calls }
    }

    /// How long an entry is remembered beyond its end, for readings of the gateway that speak of a moment ago.
    var lag: Duration { length / 8 + .seconds(1) }

    // MARK: Asking

    /// Calls that may still start.
    mutating func room(under limit: Int, now: Duration) -> Int {
        advance(to: now)
        return now < unknownUntil ? 0 : max(0, limit - inUse)
    }

    /// When there is room for one call: `now` while there is.
    mutating func opensAt(under limit: Int, now: Duration) -> Duration {
        advance(to: now)
        var opens = max(now, unknownUntil)
        var rest = inUse
        for entry in entries[freed...] {
            if rest < limit { break }
            rest -= entry.calls
            opens = max(opens, entry.freeAt)
        }
        return opens
    }

    // MARK: Counting

    /// Counts calls that may start until the leave closes.
    mutating func count(_ calls: Int, closes: Duration) { add(calls, freeAt: end(closes)) }

    /// Takes back calls that were counted so and never started.
    mutating func uncount(_ calls: Int, closes: Duration) {
        let freeAt = end(closes)
        let index = place(of: freeAt)
        guard index < entries.count, entries[index].freeAt == freeAt else { return }
        let taken = min(calls, entries[index].calls)
        entries[index].calls -= taken
        if index >= freed { inUse -= taken }
        guard entries[index].calls == 0 else { return }
        entries.remove(at: index)
        if index < freed { freed -= 1 }
    }

    /// The gateway said that only so many calls remained at that moment: what it counts beyond our own is somebody
    /// else's, and counts here until the gateway resets, at most for the window's length.
    mutating func lower(
        to remaining: Int, under limit: Int, at moment: Duration, resets: Duration, now: Duration
    ) {
        advance(to: now)
        guard now >= unknownUntil, moment >= now - lag, resets > now else { return }
        let used = entries.reduce(0) { $1.freeAt > moment ? $0 + $1.calls : $0 }
        let others = limit - used - remaining
        if others > 0 { add(others, freeAt: min(resets, now + length).roundedUp(to: grain)) }
    }

    private func end(_ closes: Duration) -> Duration { (closes + length).roundedUp(to: grain) }

    private mutating func add(_ calls: Int, freeAt: Duration) {
        let index = place(of: freeAt)
        if index < entries.count, entries[index].freeAt == freeAt {
            entries[index].calls += calls
        } else {
            entries.insert(Entry(freeAt: freeAt, calls: calls), at: index)
            if index < freed { freed += 1 }
        }
        if index >= freed { inUse += calls }
    }

    /// The index of the first entry that ends then or later.
    private func place(of freeAt: Duration) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].freeAt < freeAt { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func advance(to now: Duration) {
        while freed < entries.count, entries[freed].freeAt <= now {
            inUse -= entries[freed].calls
            freed += 1
        }
        var old = 0
        while old < freed, entries[old].freeAt + lag <= now { old += 1 }
        if old > 0 {
            entries.removeFirst(old)
            freed -= old
        }
    }

    // MARK: Another length, another boot

    /// The same calls in a window of another length. What a shorter window has forgotten is unknown in a longer one.
    func resized(to length: Duration, now: Duration) -> CallWindow {
        let shift = length - self.length
        let unknown = max(unknownUntil, shift > .zero ? now : .zero)
        var window = CallWindow(
            length: length,
            unknownUntil: unknown > .zero ? (unknown + shift).roundedUp(to: .milliseconds(1)) : .zero)
        for entry in entries where entry.freeAt + shift > now {
            window.add(entry.calls, freeAt: (entry.freeAt + shift).roundedUp(to: window.grain))
        }
        return window
    }

    /// The same on a clock that began after `elapsed` on this one.
    func shifted(by elapsed: Duration) -> CallWindow {
        var window = CallWindow(length: length, unknownUntil: max(.zero, unknownUntil - elapsed))
        window.keptUntil = max(.zero, keptUntil - elapsed)
        for entry in entries where entry.freeAt > elapsed {
            window.add(entry.calls, freeAt: (entry.freeAt - elapsed).roundedUp(to: window.grain))
        }
        return window
    }
}

extension Duration {
    /// Up to the next multiple of a number of whole milliseconds; for durations above zero.
    func roundedUp(to grain: Duration) -> Duration {
        let whole = wholeMilliseconds
        let milliseconds = .milliseconds(whole) < self ? whole + 1 : whole
        let step = grain.wholeMilliseconds
        return .milliseconds((milliseconds + step - 1) / step * step)
    }
}

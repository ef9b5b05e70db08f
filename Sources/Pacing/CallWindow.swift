/// A sliding window over the starts of calls: in any span of `length` at most `limit` calls start.
///
/// Leave is given in slots. A call may start anywhere in its slot, so it counts from the slot's opening until the
/// slot's close plus `length`: the bound then holds exactly, whenever in the slot each call starts. The price is
/// `slot / (slot + length)` of the rate, 2 % of a one-second window with slots of 20 ms.
public struct CallWindow: Sendable {
    public let limit: Int
    public let length: Duration
    /// How long a slot stays open: a two-hundredth of the window, at least 20 ms.
    public let slot: Duration

    /// Used leave, oldest first: when it stops counting, and for how many calls. At most `limit` entries.
    private var used: [(freeAt: Duration, calls: Int)] = []
    private var inUse = 0

    public init(limit: Int, length: Duration) {
        precondition(limit > 0 && length > .zero, "a window needs a positive limit and length")
        self.limit = limit
        self.length = length
        self.slot = max(.milliseconds(20), length / 200)
    }

    /// Calls that may start in a slot opening now.
    public mutating func room(now: Duration) -> Int {
        release(now: now)
        return limit - inUse
    }

    /// Counts calls that may start until the slot closes. At most as many as there is room for.
    public mutating func take(_ calls: Int, slotCloses: Duration) {
        precondition(calls <= limit - inUse, "leave is given for what there is room for")
        used.append((freeAt: slotCloses + length, calls: calls))
        inUse += calls
    }

    /// When the next call may be granted: `now` while there is room.
    public mutating func opensAt(now: Duration) -> Duration {
        release(now: now)
        return inUse < limit ? now : used[0].freeAt
    }

    /// Counts the whole window as used from `now`: after a restart nobody knows what the last process sent.
    public mutating func fill(now: Duration) {
        used = [(freeAt: now + length, calls: limit)]
        inUse = limit
    }

    private mutating func release(now: Duration) {
        var count = 0
        while count < used.count, used[count].freeAt <= now {
            inUse -= used[count].calls
            count += 1
        }
        if count > 0 { used.removeFirst(count) }
    }
}

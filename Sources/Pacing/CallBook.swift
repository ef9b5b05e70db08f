/// The calls of one account, booked in all its windows at once: what every process that calls for the account looks
/// at and changes, one after another.
///
/// All times are on a clock that begins with the boot of the machine, the same for all processes, and that counts
/// suspension too: the gateway's windows go on while we sleep. After a reboot `shifted` carries the book over.
public struct CallBook: Sendable {
    /// Leave to start calls until it closes.
    public struct Grant: Hashable, Sendable {
        public let calls: Int
        public let closes: Duration

        public init(calls: Int, closes: Duration) {
            self.calls = calls
            self.closes = closes
        }
    }

    public enum Answer: Hashable, Sendable {
        case granted(Grant)
        /// Nothing before then.
        case wait(until: Duration)
    }

    /// A process that calls for the account, or waits to.
    public struct Claim: Hashable, Sendable {
        public let claimant: UInt64
        /// It is taken for gone after this: it may have been killed.
        public let until: Duration

        public init(claimant: UInt64, until: Duration) {
            self.claimant = claimant
            self.until = until
        }
    }

    /// What one process asks for.
    public struct Demand: Sendable {
        public let claimant: UInt64
        /// The calls that it could start now, at least 1.
        public var calls: Int
        /// Further ones that it may come to need within the slot: given only where there is plenty.
        public var ahead: Int
        public let limits: [CallLimit]
        /// How long the leave is to last.
        public var slot: Duration

        public init(claimant: UInt64, calls: Int, ahead: Int = 0, limits: [CallLimit], slot: Duration? = nil)
        {
            self.claimant = claimant
            self.calls = calls
            self.ahead = ahead
            self.limits = limits
            self.slot = slot ?? limits.slot
        }
    }

    /// One for each length that any process has a limit for, shortest first.
    public private(set) var windows: [CallWindow]
    public private(set) var pausedUntil: Duration
    public private(set) var claims: [Claim]
    /// Whether no call was made before the book's first window began.
    public private(set) var isPastKnown: Bool

    /// - Parameter isPastKnown: false counts every window as used up, since nobody knows what was called before.
    public init(isPastKnown: Bool) {
        self.init(windows: [], pausedUntil: .zero, claims: [], isPastKnown: isPastKnown)
    }

    /// As it was written down.
    public init(windows: [CallWindow], pausedUntil: Duration, claims: [Claim], isPastKnown: Bool) {
        self.windows = windows
        self.pausedUntil = pausedUntil
        self.claims = claims
        self.isPastKnown = isPastKnown
    }

    /// How long a process is waited for that has not been heard of.
    static let patience: Duration = .seconds(1)
    /// A claim of a process that waits longer than this lapses meanwhile.
    static let longestClaim: Duration = .seconds(60)

    /// Leave for a fair share of what is free in every window, or when to ask again.
    public mutating func take(_ demand: Demand, now: Duration) -> Answer {
        prepare(demand.limits, now: now)
        var room = Int.max
        var opens = max(now, pausedUntil)
        for index in windows.indices {
            for limit in demand.limits where limit.length == windows[index].length {
                room = min(room, windows[index].room(under: limit.calls, now: now))
                opens = max(opens, windows[index].opensAt(under: limit.calls, now: now))
            }
        }
        claims.removeAll { $0.claimant == demand.claimant || $0.until <= now }
        let sharers = claims.count + 1
        let until = min(opens, now + Self.longestClaim) + Self.patience
        claims.append(Claim(claimant: demand.claimant, until: until.roundedUp(to: .milliseconds(1))))
        guard opens <= now else { return .wait(until: opens) }

        let share = room / sharers + (room % sharers > 0 ? 1 : 0)
        var calls = min(demand.calls, share)
        calls += min(demand.ahead, (share - calls) / 10)
        let closes = now + demand.slot
        for index in windows.indices { windows[index].count(calls, closes: closes) }
        return .granted(Grant(calls: calls, closes: closes))
    }

    /// Takes back calls of a grant that were never started.
    public mutating func giveBack(_ calls: Int, closes: Duration) {
        for index in windows.indices { windows[index].uncount(calls, closes: closes) }
    }

    /// The gateway asked for a pause.
    public mutating func pause(until: Duration) {
        pausedUntil = max(pausedUntil, until.roundedUp(to: .milliseconds(1)))
    }

    /// What the gateway counted in the window of that limit, see `CallWindow.lower`.
    public mutating func lower(
        _ limit: CallLimit, to remaining: Int, at moment: Duration, resets: Duration, now: Duration
    ) {
        guard let index = windows.firstIndex(where: { $0.length == limit.length }) else { return }
        windows[index].lower(to: remaining, under: limit.calls, at: moment, resets: resets, now: now)
    }

    /// The book on a clock that began after this one's `elapsed`, the last time it showed: after a reboot. What was
    /// used then is free no later than if the new clock had begun at that very time.
    public func shifted(by elapsed: Duration) -> CallBook {
        CallBook(
            windows: windows.map { $0.shifted(by: elapsed) }, pausedUntil: max(.zero, pausedUntil - elapsed),
            claims: [], isPastKnown: isPastKnown)
    }

    /// Begins windows that no process had a limit for so far, and drops those that none has had for long.
    mutating func prepare(_ limits: [CallLimit], now: Duration) {
        // The longest first: it is no donor of its own siblings' gaps.
        for length in Set(limits.map(\.length)).sorted(by: >)
        where !windows.contains(where: { $0.length == length }) {
            let index = windows.firstIndex { $0.length > length } ?? windows.endIndex
            // The next longer window remembers all that counts; the longest shorter one nearly all.
            if let donor = index < windows.endIndex ? windows[index] : windows.last {
                windows.insert(donor.resized(to: length, now: now), at: index)
            } else {
                let unknown = isPastKnown ? .zero : (now + length).roundedUp(to: .milliseconds(1))
                windows.append(CallWindow(length: length, unknownUntil: unknown))
            }
        }
        for index in windows.indices where limits.contains(where: { $0.length == windows[index].length }) {
            windows[index].keptUntil = (now + windows[index].length).roundedUp(to: .milliseconds(1))
        }
        windows.removeAll { $0.keptUntil <= now }
        isPastKnown = false
    }
}

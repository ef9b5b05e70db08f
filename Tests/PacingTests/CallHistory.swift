import Pacing

/// Starts of calls on one time line, however many processes and boots made them.
struct CallHistory {
    var starts: [Duration] = []

    /// The first pair of calls that breaks a limit, in words; nil when all are kept.
    func breach(of limits: [CallLimit]) -> String? {
        let sorted = starts.sorted()
        for limit in limits {
            for index in sorted.indices.dropFirst(limit.calls) {
                let (first, last) = (sorted[index - limit.calls], sorted[index])
                if last - first < limit.length {
                    return "\(limit.calls + 1) calls from \(first) to \(last), of \(limit)"
                }
            }
        }
        return nil
    }
}

/// Processes that share a book on virtual time: every draw follows from the seed.
struct SharedCalls {
    let limits: [CallLimit]
    var generator: SplitMix64
    var history = CallHistory()
    var book = CallBook(isPastKnown: true)
    /// The time of all boots together when this one began.
    var booted: Duration = .zero
    /// This boot's clock.
    var now: Duration = .zero
    /// When each process asks next.
    var asks: [Duration]
    var claimants: [UInt64]

    init(_ limits: [CallLimit], processes: Int, seed: UInt64) {
        self.limits = limits
        generator = SplitMix64(seed: seed)
        asks = Array(repeating: .zero, count: processes)
        claimants = (0..<UInt64(processes)).map { $0 }
    }

    /// The process whose turn it is asks for that many, and starts what it gets within the leave: all of it, or with
    /// `losing` sometimes a part, giving back the rest or dying with it. It asks again after `rest`.
    mutating func step(wanting calls: Int, losing: Bool, rest: Duration) {
        let process = asks.indices.min { asks[$0] < asks[$1] } ?? 0
        now = max(now, asks[process])
        let demand = CallBook.Demand(
            claimant: claimants[process], calls: calls, ahead: losing ? calls : 0, limits: limits)
        switch book.take(demand, now: now) {
        case .wait(let until):
            asks[process] = until
        case .granted(let grant):
            asks[process] = now + rest
            let fate = losing ? Int.random(in: 0..<10, using: &generator) : 9
            let used = fate < 3 ? Int.random(in: 0...grant.calls, using: &generator) : grant.calls
            for _ in 0..<used {
                let share = Double.random(in: 0...1, using: &generator)
                history.starts.append(booted + now + (grant.closes - now) * share)
            }
            switch fate {
            case 0: claimants[process] = generator.next()
            case 1, 2: book.giveBack(grant.calls - used, closes: grant.closes)
            default: break
            }
        }
    }

    /// The machine is switched off for some time and begins again.
    mutating func reboot(off: Duration) {
        book = book.shifted(by: .milliseconds(now.wholeMilliseconds))
        booted += now + off
        now = .milliseconds(Int.random(in: 0...5000, using: &generator))
        for index in asks.indices { asks[index] = now }
        for index in claimants.indices { claimants[index] = generator.next() }
    }
}

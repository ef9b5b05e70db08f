import DequeModule
import HeapModule
package import Instructions
package import Pacing

/// All judgement of a run: what to send next, when, whether to retry, how to resolve a lost answer, when to stop.
///
/// A value without I/O, clock or `await`: `handle` takes one event and returns what the driver shall do. Jitter
/// comes from a seeded generator inside it, so the same events give the same effects.
///
/// A row's way: *wants read* → reading → *wants send* → opening its attempt (commit) → sending → settling (commit).
/// The steps in italics wait in `ready` for leave to call. An answer that proves nothing leads back to reading,
/// after a wait; from then on the row is judged by `Effects.judge` only (resolving.md, sections 3 and 4).
package struct RunMachine: Sendable {
    package enum Event: Sendable {
        case startedRows([PendingRow])
        case waitingRows([PendingRow])
        case leased(CallLease)
        case committed(unit: Int, UnitResult)
        case answered(call: Int, Answer)
        /// Its lease closed before the call could be started: nothing was sent.
        case missed(call: Int)
        /// A wake that was asked for, or any other moment.
        case clock
        case stop(Stop)
    }

    package enum Effect: Sendable {
        case loadStarted
        case loadWaiting(after: LoadCursor?, limit: Int)
        case lease(upTo: Int)
        /// Calls of that lease that will not be started under it.
        case giveBack(Int, of: CallLease)
        case pause(until: Duration)
        case commit(WriteUnit)
        /// Not started after the lease closed. `isRetry`: a money-changing call beyond the first of its row.
        case send(call: Int, GatewayRequest, closes: Duration, isRetry: Bool)
        case wake(at: Duration)
        case report(RunEvent)
        /// Nothing more will be asked for; nil when every row has an outcome.
        case finish(Stop?)
    }

    package struct Settings: Sendable {
        /// Calls in flight at most.
        package var concurrency: Int
        /// How long one answer is awaited.
        package var timeout: Duration
        /// How long answers in flight are awaited after a stop.
        package var drain: Duration
        /// How long the execution may last; then it stops, and the run can be resumed. nil for any time.
        package var deadline: Duration?
        /// Rows in memory at most; rows that wait for their resolution stay there without holding up others.
        package var capacity: Int

        package init(
            concurrency: Int, timeout: Duration, drain: Duration, deadline: Duration? = nil,
            capacity: Int? = nil
        ) {
            self.concurrency = concurrency
            self.timeout = timeout
            self.drain = drain
            self.deadline = deadline
            self.capacity = capacity ?? max(2048, 32 * concurrency)
        }
    }

    /// What an execution is for.
    package enum Purpose: Hashable, Sendable {
        /// Every row gets an outcome.
        case execute
        /// Unconfirmed rows are read again, and nothing is sent that changes money (resolving.md, section 4).
        /// - Parameter lateBound: how late a lost request may still take effect.
        case resolve(lateBound: Duration)
    }

    /// Added to the request's own time-out before an ambiguous attempt is resolved (resolving.md, section 2).
    static let settleMargin: Duration = .seconds(5)
    /// A snapshot older than this is read again before anything is sent on it (contract, section 4).
    static let snapshotLifetime: Duration = .seconds(60)

    let purpose: Purpose
    let profile: GatewayProfile
    let rules: RunRules
    let settings: Settings
    let keyBase: String
    let request: @Sendable (GatewayCall) -> GatewayRequest
    let stateRules: StateRules
    let effectRules: Effects
    let backoff: Backoff
    var generator: SplitMix64

    /// Whoever works on a row takes it out, and puts it back unless it is done with: so it is moved and not copied.
    var rows: [Int: ActiveRow] = [:]
    var ready: Deque<Int> = []
    var waiting: Heap<Wake> = []
    var loading = Loading()
    var health: GatewayHealth
    var retryBudget: RetryBudget
    var failureBudget: FailureBudget
    var sumBound: SumBound
    var deadlineAt: Duration?
    var token = Token()
    /// The newest wall time known; a clock behind it makes every key old.
    var newestWall: WallTime
    var throttle = ThrottlePause()
    var isLeasing = false
    /// Calls in flight, and attempts being committed that hold a lease.
    var inFlight = 0
    var units: [Int: UnitPurpose] = [:]
    var nextUnit = 1
    var calls: [Int: OpenCall] = [:]
    var nextCall = 1
    var stopping: Stopping?
    var isOver = false
    var scheduledWake: Duration?
    var effects: [Effect] = []

    struct Wake: Comparable {
        let at: Duration
        let row: Int
        /// Only the row's newest wake counts.
        let stamp: Int

        static func < (left: Wake, right: Wake) -> Bool { (left.at, left.row) < (right.at, right.row) }
    }

    struct OpenCall {
        /// nil for the fetch of a token.
        let row: Int?
        /// The number of the token it was made with.
        let token: Int
        /// When its lease closes.
        let closes: Duration
    }

    struct Loading {
        var startedLoaded = false
        /// Rows of `loadStarted`: a later page must not bring them again. As bounded as an execution's memory.
        var startedRows: Set<Int> = []
        var cursor: LoadCursor?
        var isLoading = false
        var isExhausted = false
        var askedFor = 0
    }

    struct Stopping {
        let stop: Stop
        let drainedAt: Duration
    }

    enum UnitPurpose {
        /// The row's new attempt; the lease it holds closes then.
        case open(row: Int, slotCloses: Duration)
        /// A closed attempt; nothing waits for it.
        case close
        case settle(row: Int)
        /// Settled by the state that a read showed before anything was sent: told once it is known to stand.
        case settleByState(Settlement)
    }

    package init(
        purpose: Purpose = .execute, profile: GatewayProfile, rules: RunRules, settings: Settings,
        keyBase: String, seed: UInt64, past: RunPast,
        request: @escaping @Sendable (GatewayCall) -> GatewayRequest
    ) {
        self.purpose = purpose
        self.profile = profile
        self.rules = rules
        self.settings = settings
        self.keyBase = keyBase
        self.request = request
        stateRules = StateRules(profile: profile, needsExternalData: rules.needsExternalData)
        effectRules = Effects(profile: profile)
        backoff = Backoff(
            first: .milliseconds(rules.firstBackoffMilliseconds),
            longest: .milliseconds(rules.longestBackoffMilliseconds))
        health = GatewayHealth(outageWait: .milliseconds(rules.outageWaitMilliseconds))
        failureBudget = FailureBudget(rules.stopWhen)
        sumBound = SumBound(maximum: rules.maximumSums, counted: past.asked)
        generator = SplitMix64(seed: seed)
        newestWall = past.newestWall
        retryBudget = RetryBudget(
            rows: past.rows, partsPerMillion: rules.retryBudgetPartsPerMillion, spent: past.repeats)
    }

    /// Takes a row out of `rows` that is there because it calls or is being committed.
    mutating func takeOut(_ row: Int) -> ActiveRow {
        guard let active = rows.removeValue(forKey: row) else {
            preconditionFailure("a row stays in memory while it calls and while it is committed")
        }
        return active
    }

    /// Rows taken and not settled; at most `settings.capacity`.
    package var rowsInMemory: Int { rows.count }

    /// The first effects of an execution.
    package mutating func start(now: Moment) -> [Effect] {
        effects = [.loadStarted]
        deadlineAt = settings.deadline.map { now.monotonic + $0 }
        loading.isLoading = true
        return effects
    }

    package mutating func handle(_ event: Event, now: Moment) -> [Effect] {
        effects = []
        guard !isOver else { return [] }
        newestWall = max(newestWall, now.wall)
        switch event {
        case .startedRows(let pending): takeStarted(pending, now: now)
        case .waitingRows(let pending): takeWaiting(pending, now: now)
        case .leased(let lease): use(lease, now: now)
        case .committed(let unit, let result): committed(unit, result, now: now)
        case .answered(let call, let answer): answered(call, answer, now: now)
        case .missed(let call): missed(call, now: now)
        case .clock:
            // Whatever woke us, even a moment too early: the next wake is asked for anew.
            scheduledWake = nil
        case .stop(let request): stop(request, now: now)
        }
        pump(now: now)
        return effects
    }

    /// Everything that follows from the state alone, whatever the event was.
    private mutating func pump(now: Moment) {
        if let scheduledWake, scheduledWake <= now.monotonic { self.scheduledWake = nil }
        wakeRows(now: now)
        if stopping == nil, let reason = reasonToStop(now: now) { stop(reason, now: now) }
        if let stopping {
            endIfDrained(stopping, now: now)
        } else {
            loadIfLow()
            leaseIfWanted(now: now)
            if loading.isExhausted, rows.isEmpty, units.isEmpty { end(nil) }
        }
        if !isOver { scheduleWake(now: now) }
    }

    mutating func end(_ stop: Stop?) {
        isOver = true
        effects.append(.finish(stop))
    }

    private mutating func scheduleWake(now: Moment) {
        guard let next = nextDue(after: now.monotonic) else { return }
        if let scheduledWake, scheduledWake <= next { return }
        scheduledWake = next
        effects.append(.wake(at: next))
    }

    private func nextDue(after now: Duration) -> Duration? {
        var next: Duration?
        func consider(_ time: Duration?) {
            if let time, time > now { next = min(next ?? time, time) }
        }
        if let stopping {
            consider(stopping.drainedAt)
        } else {
            consider(waiting.min?.at)
            if !ready.isEmpty { consider(throttle.until) }
            consider(deadlineAt)
            for time in health.wakes { consider(time) }
        }
        return next
    }
}

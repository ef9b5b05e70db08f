package import Logging
import Pacing

/// Executes a run: does what the machine says and tells it what came of it. It decides nothing.
///
/// One task owns the machine and takes events in turn; every effect that takes time is a child task that yields one
/// event, so the queue of events never holds more than the effects on their way: the machine's concurrency in
/// calls, one commit's units, a load, a lease, and its wakes.
package final class RunDriver: Sendable {
    private let store: any RunStore
    private let gateway: any Gateway
    private let budget: any CallBudget
    private let timekeeper: any Timekeeper
    private let logger: Logger
    private let report: @Sendable (RunEvent) -> Void

    package init(
        store: any RunStore, gateway: any Gateway, budget: any CallBudget, timekeeper: any Timekeeper,
        logger: Logger, report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.store = store
        self.gateway = gateway
        self.budget = budget
        self.timekeeper = timekeeper
        self.logger = logger
        self.report = report
    }

    /// Runs until every row has an outcome or the execution stops. Returns why it stopped, nil when it is finished.
    /// - Throws: what the store throws (a full disk above all); the run stays resumable.
    package func execute(
        _ machine: RunMachine, timeout: Duration, actor: String, stops: AsyncStream<Stop>
    ) async throws -> Stop? {
        try await store.begin(actor: actor, at: timekeeper.now().wall)
        var loop = Loop(driver: self, machine: machine, timeout: timeout)
        let stop = try await loop.run(stops: stops)
        _ = try await store.commit([], calls: loop.calls)
        try await store.end(stoppedBy: stop?.reason, at: timekeeper.now().wall)
        return stop
    }

    /// The state of one execution: the machine, the batcher and the counts that the next commit takes along.
    private struct Loop {
        let driver: RunDriver
        var machine: RunMachine
        let timeout: Duration
        var batcher = CommitBatcher()
        var calls = CallCounts()
        /// Whether the signal for the next commit is on its way.
        var commitIsDue = false

        private enum Signal: Sendable {
            case event(RunMachine.Event)
            case missed(call: Int, GatewayRequest, isRetry: Bool)
            /// Whatever had come when the first unit was gathered is gathered too.
            case commitDue
            case committed([(unit: Int, result: UnitResult)])
            case failed(any Error)
        }

        private struct End {
            let stop: Stop?
        }

        init(driver: RunDriver, machine: RunMachine, timeout: Duration) {
            self.driver = driver
            self.machine = machine
            self.timeout = timeout
        }

        mutating func run(stops: AsyncStream<Stop>) async throws -> Stop? {
            let (signals, feed) = AsyncStream.makeStream(of: Signal.self)
            return try await withThrowingDiscardingTaskGroup { group in
                defer { group.cancelAll() }
                group.addTask {
                    for await stop in stops { feed.yield(.event(.stop(stop))) }
                }
                _ = perform(machine.start(now: driver.timekeeper.now()), &group, feed)
                for await signal in signals {
                    var events: [RunMachine.Event] = []
                    switch signal {
                    case .event(let event): events = [event]
                    case .missed(let call, let request, let isRetry):
                        count(request, isRetry: isRetry, by: -1)
                        events = [.missed(call: call)]
                    case .commitDue:
                        commitIsDue = false
                        commitGathered(&group, feed)
                    case .committed(let results):
                        batcher.finished()
                        // What was gathered meanwhile is on its way to the disk while the calls start.
                        commitGathered(&group, feed)
                        events = results.map { .committed(unit: $0.unit, $0.result) }
                    case .failed(let error): throw error
                    }
                    for event in events {
                        if let end = take(event, &group, feed) { return end.stop }
                    }
                    if batcher.isFair {
                        commitGathered(&group, feed)
                    } else if batcher.isReady, !commitIsDue {
                        commitIsDue = true
                        Self.add(&group, feed) { .commitDue }
                    }
                }
                throw CancellationError()
            }
        }

        /// Lets the machine handle the event, and those that follow from it at once. Its end, if that was it.
        private mutating func take(
            _ event: RunMachine.Event, _ group: inout ThrowingDiscardingTaskGroup<any Error>,
            _ feed: AsyncStream<Signal>.Continuation
        ) -> End? {
            var next: RunMachine.Event? = event
            while let event = next {
                let effects = machine.handle(event, now: driver.timekeeper.now())
                next = perform(effects, &group, feed)
                if case .finish(let stop) = effects.last { return End(stop: stop) }
            }
            return nil
        }

        /// Does what the machine says; gives the event that came of it at once, if one did.
        private mutating func perform(
            _ effects: [RunMachine.Effect], _ group: inout ThrowingDiscardingTaskGroup<any Error>,
            _ feed: AsyncStream<Signal>.Continuation
        ) -> RunMachine.Event? {
            let driver = driver
            var event: RunMachine.Event?
            for effect in effects {
                switch effect {
                case .loadStarted:
                    Self.add(&group, feed) { .event(.startedRows(try await driver.store.loadStarted())) }
                case .loadWaiting(let cursor, let limit):
                    Self.add(&group, feed) {
                        .event(.waitingRows(try await driver.store.loadWaiting(after: cursor, limit: limit)))
                    }
                case .lease(let calls):
                    if let lease = driver.budget.leaseAtOnce(upTo: calls) {
                        event = .leased(lease)
                        break
                    }
                    Self.add(&group, feed) { .event(.leased(try await driver.budget.lease(upTo: calls))) }
                case .giveBack(let calls, let lease):
                    group.addTask { await driver.budget.giveBack(calls, of: lease) }
                case .pause(let until):
                    Self.add(&group, feed) {
                        try await driver.budget.pause(until: until)
                        return nil
                    }
                case .commit(let unit):
                    batcher.add(unit)
                case .send(let call, let request, let closes, let isRetry):
                    count(request, isRetry: isRetry, by: 1)
                    let timeout = timeout
                    Self.add(&group, feed) {
                        let sentAt = driver.timekeeper.now().monotonic
                        guard sentAt <= closes else {
                            return .missed(call: call, request, isRetry: isRetry)
                        }
                        driver.logger.trace(
                            "call starts",
                            metadata: [
                                "method": "\(request.method)", "path": "\(request.path)",
                                "monotonic_ms": "\(sentAt.wholeMilliseconds)",
                            ])
                        let answer = await driver.gateway.send(request, timeout: timeout)
                        if !answer.rate.isEmpty { await driver.budget.note(answer.rate, sentAt: sentAt) }
                        return .event(.answered(call: call, answer))
                    }
                case .wake(let time):
                    Self.add(&group, feed) {
                        try await driver.timekeeper.sleep(until: time)
                        return .event(.clock)
                    }
                case .report(let event):
                    driver.report(event)
                case .finish:
                    break
                }
            }
            return event
        }

        private mutating func commitGathered(
            _ group: inout ThrowingDiscardingTaskGroup<any Error>, _ feed: AsyncStream<Signal>.Continuation
        ) {
            guard let batch = batcher.next() else { return }
            let driver = driver
            let calls = calls
            self.calls = CallCounts()
            Self.add(&group, feed) {
                let results = try await driver.store.commit(batch, calls: calls)
                return .committed(zip(batch, results).map { (unit: $0.id, result: $1) })
            }
        }

        private mutating func count(_ request: GatewayRequest, isRetry: Bool, by calls: Int) {
            switch request.call {
            case .change:
                self.calls.changes += calls
                if isRetry { self.calls.retries += calls }
            case .read, .storedResponse, .token: self.calls.reads += calls
            }
        }

        /// One effect, one signal at most; what it throws ends the execution, unless it was only cancelled at the
        /// end.
        private static func add(
            _ group: inout ThrowingDiscardingTaskGroup<any Error>, _ feed: AsyncStream<Signal>.Continuation,
            _ work: @escaping @Sendable () async throws -> Signal?
        ) {
            group.addTask {
                do {
                    if let signal = try await work() { feed.yield(signal) }
                } catch is CancellationError {
                    return
                } catch {
                    feed.yield(.failed(error))
                }
            }
        }
    }
}

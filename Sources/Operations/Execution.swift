import Gateways
import Instructions
import Logging
import Pacing
import Reports
import Runs
import SQLiteRunStore
import Settings
import Spool

/// One process working on one run, from its lock to its report.
struct Execution: Sendable {
    let place: Workplace
    let store: SQLiteStore
    /// The job that it is executed for, as it reads now.
    var job: JobFile?

    /// Executes what is left of the run and publishes its report when it is finished. A run that is over and
    /// reported is left as it is.
    func execute(
        _ run: RunRecord, stops: AsyncStream<Stop>
    ) async throws -> RunResult {
        let lock = try DirectoryLock.acquire(place.state.runLock(run.name))
        defer { lock.release() }
        try checkIdentity(run)
        // Another process may have ended it between the look-up and the lock.
        var run = try await store.run(named: run.name)
        if run.state.isOver {
            return place.state.isUnreported(run.name) ? try await publish(run) : .alreadyRun(run)
        }
        try await RestoredStoreCheck.check(run.rules.reportsDirectory, place.account.identity, store)
        try place.state.markUnreported(run.name)
        place.logger.info(
            "executing", metadata: run.metadata.merging(["rows": "\(run.rows)"]) { $1 })
        // From the counters alone: a summary reads rows, and a resume is not to wait for that.
        let settled = try await store.sums(of: run).filter { $0.rows > 0 }.map { ($0.outcome, $0.rows) }
        place.onEvent(run, .began(settled: Dictionary(settled, uniquingKeysWith: +)))
        let checkpoint = try await store.checkpoint(of: run, note: place.requester.note)
        let stop = try await drive(
            run, purpose: .execute, on: checkpoint, past: try await checkpoint.past(), stops: stops)
        run = try await store.run(named: run.name)
        guard let stop else { return try await publish(run) }
        let summary = try await Summary.of(run, in: store, warnings: place.account.warnings)
        return .stopped(summary, stop)
    }

    private func nameLapsing(
        _ run: RunRecord, _ checkpoint: any RunStore, _ allowed: CallForecast
    ) async throws {
        let lapsing = try await LapsingRows.find(
            checkpoint, preflight: run.rules.preflight, allowed: allowed,
            now: SystemTimekeeper().now().wall)
        guard lapsing.count > 0 else { return }
        place.onEvent(run, .willLapse(count: lapsing.count, rows: lapsing.rows))
    }

    /// Lets the machine work on the run. Its caller holds the run's lock.
    func drive(
        _ run: RunRecord, purpose: RunMachine.Purpose, on checkpoint: any RunStore, past: RunPast,
        stops: AsyncStream<Stop>
    ) async throws -> Stop? {
        let timekeeper = SystemTimekeeper()
        return try await AccountBudget.during(place, store, timekeeper) { budget in
            guard case .execute = purpose else {
                return try await drive(run, purpose, checkpoint, past, budget, timekeeper, stops)
            }
            let (allowed, time) = try await budget.forecast()
            place.onEvent(run, .allowance(allowed, at: time))
            if run.executions == 0 { try await nameLapsing(run, checkpoint, allowed) }
            // Ends with this scope.
            async let _: Void = tellAllowance(run, budget, timekeeper)
            return try await drive(run, purpose, checkpoint, past, budget, timekeeper, stops)
        }
    }

    /// What others call meanwhile, and the gateway says, moves a run's end.
    private func tellAllowance(
        _ run: RunRecord, _ budget: WindowCallBudget, _ timekeeper: any Timekeeper
    ) async throws {
        while true {
            try await timekeeper.sleep(until: timekeeper.now().monotonic + .seconds(60))
            let (allowed, time) = try await budget.forecast()
            place.onEvent(run, .allowance(allowed, at: time))
        }
    }

    private func drive(
        _ run: RunRecord, _ purpose: RunMachine.Purpose, _ checkpoint: any RunStore, _ past: RunPast,
        _ budget: any CallBudget, _ timekeeper: any Timekeeper, _ stops: AsyncStream<Stop>
    ) async throws -> Stop? {
        let settings = place.account.settings
        guard let profile = Gateways.profile(named: settings.gateway, assume: run.rules.assume) else {
            preconditionFailure("the account's gateway has a profile")
        }
        let client = try place.account.client(assume: run.rules.assume)
        let machine = RunMachine(
            purpose: purpose, profile: profile, rules: rules(of: run),
            settings: .init(
                concurrency: settings.concurrency, timeout: settings.timeout,
                drain: .milliseconds(run.rules.drainMilliseconds), deadline: job?.deadline),
            keyBase: run.keyBase, seed: .random(in: .min ... .max),
            past: past, request: client.request)
        let driver = RunDriver(
            store: checkpoint, gateway: client, budget: budget, timekeeper: timekeeper, logger: place.logger
        ) { [place] event in
            place.onEvent(run, event)
        }
        do {
            let stop = try await withTaskExecutorPreference(client.executor) {
                try await driver.execute(
                    machine, timeout: settings.timeout, actor: place.requester.name, stops: stops)
            }
            try await client.shutdown()
            return stop
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// The run's own, but for the bound of its sums: a person who raised it in the job lets the run go on.
    private func rules(of run: RunRecord) -> RunRules {
        var rules = run.rules
        if let job { rules.maximumSums = job.maximumSums }
        return rules
    }

    /// Verifies or writes again the report of a run that is finished.
    func publishAgain(_ run: RunRecord) async throws -> RunResult {
        let lock = try DirectoryLock.acquire(place.state.runLock(run.name))
        defer { lock.release() }
        return try await publish(run)
    }

    /// Its caller holds the run's lock: a second publisher would remove the first one's drafts.
    private func publish(_ run: RunRecord) async throws -> RunResult {
        let published = try await place.state.publish(run, in: store, by: place.requester)
        Archiving(folder: run.rules.archiveDirectory, logger: place.logger)
            .archive(run.input, claimedAt: run.createdAt)
        return .finished(published.summary, reportDirectory: published.directory)
    }

    /// A run goes on with the account it began with, whatever the config now says (contract, section 7).
    func checkIdentity(_ run: RunRecord) throws {
        guard run.identity != place.account.identity.text else { return }
        throw OperationError(
            .configuration,
            "run \(run.name) belongs to \(run.identity), but the account \(run.accountName) now is "
                + "\(place.account.identity.text); put the account's address and ids back, or name the right one "
                + "with --account")
    }
}

import Instructions
import Logging
import Pacing
import Runs
import Synchronization

/// Follows a run on stderr: on a terminal with a line that is redrawn in place, elsewhere with a line a minute;
/// and with a line for each change of its circumstances.
struct ProgressLog {
    private let logger: Logger
    private let onTerminal: Bool
    private var line = ProgressLine()
    private var run: RunRecord?
    private let timekeeper = SystemTimekeeper()
    private let tally: Tally

    /// Rows that were settled and are not in the line yet: most have nothing to print, so that nobody is woken for
    /// them. By the run's number, since several may follow each other.
    private final class Tally: Sendable {
        private let counts = Mutex<[Int64: [Outcome: Int]]>([:])

        func count(_ outcome: Outcome, of run: RunRecord) {
            counts.withLock { $0[run.id, default: [:]][outcome, default: 0] += 1 }
        }

        /// Those of that run; what was left of others is over.
        func take(of run: RunRecord) -> [Outcome: Int] {
            counts.withLock { counts in
                defer { counts = [:] }
                return counts[run.id] ?? [:]
            }
        }
    }

    /// A line at least this often.
    private static let interval: Duration = .seconds(60)
    /// How often the terminal's line is redrawn.
    private static let frame: Duration = .milliseconds(250)
    /// Events that wait to be printed at most; older ones are kept, since the final summary has the counts.
    private static let bufferLimit = 65_536

    private enum Signal: Sendable {
        case event(RunRecord, RunEvent)
        case tick
    }

    private init(_ tally: Tally, logger: Logger, onTerminal: Bool) {
        self.tally = tally
        self.logger = logger
        self.onTerminal = onTerminal
    }

    /// Follows whatever the body executes.
    ///
    /// - Parameter onTerminal: whether a line is redrawn in place.
    static func during<Value: Sendable>(
        logger: Logger, onTerminal: Bool,
        _ body: (@escaping @Sendable (RunRecord, RunEvent) -> Void) async throws -> Value
    ) async throws -> Value {
        let tally = Tally()
        let (signals, feed) = AsyncStream.makeStream(
            of: Signal.self, bufferingPolicy: .bufferingOldest(bufferLimit))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var log = ProgressLog(tally, logger: logger, onTerminal: onTerminal)
                for await signal in signals { log.take(signal) }
                if onTerminal { Terminal.clear() }
            }
            group.addTask {
                let clock = SystemTimekeeper()
                while !Task.isCancelled {
                    try await clock.sleep(
                        until: clock.now().monotonic + (onTerminal ? frame : interval))
                    feed.yield(.tick)
                }
            }
            let value: Value
            do {
                value = try await body { run, event in
                    if case .settled(let settlement) = event, settlement.outcome != .unconfirmed {
                        tally.count(settlement.outcome, of: run)
                    } else {
                        feed.yield(.event(run, event))
                    }
                }
            } catch {
                feed.finish()
                group.cancelAll()
                throw error
            }
            // What was fed is printed before the result is.
            feed.finish()
            _ = try await group.next()
            group.cancelAll()
            return value
        }
    }

    private mutating func take(_ signal: Signal) {
        if case .event(let run, let event) = signal {
            line.note(event, of: run)
            self.run = run
        }
        guard let run else { return }
        line.add(tally.take(of: run))
        switch signal {
        case .tick where onTerminal: draw()
        case .tick: logger.info("progress", metadata: metadata(run).merging(outlook()) { $1 })
        case .event(_, let event): note(event, run)
        }
    }

    private mutating func draw() {
        let now = timekeeper.now()
        guard let text = line.text(at: now, width: Terminal.width) else { return }
        Terminal.draw(text)
    }

    private mutating func note(_ event: RunEvent, _ run: RunRecord) {
        switch event {
        case .began, .allowance: break
        case .settled(let settlement):
            logger.warning(
                "row not confirmed",
                metadata: [
                    "row": "\(settlement.row)", "key": "\(settlement.key ?? "")",
                    "code": "\(settlement.code ?? "")",
                ])
        case .outageBegan(let message, let givesUpAt):
            logger.warning(
                "the gateway does not answer; probing it",
                metadata: ["reason": "\(message)", "gives-up-at": "\(text(givesUpAt))"])
        case .outageEnded:
            logger.info("the gateway answers again")
        case .paused(let until, let asked):
            var metadata: Logger.Metadata = ["until": "\(text(until))"]
            if let asked { metadata["asked-for"] = "\(ProgressLine.length(asked / .seconds(1)))" }
            logger.warning(
                "the gateway asked for a pause\(asked == nil ? "" : " that is too long; it is cut")",
                metadata: metadata)
        case .waitsForRun(let row, let other):
            logger.info(
                "a row waits for another run on its intent", metadata: ["row": "\(row)", "other": "\(other)"])
        case .staysUnconfirmed(let row, let reason):
            logger.warning(
                "row stays unconfirmed",
                metadata: [
                    "row": "\(row)", "code": "\(reason.code)", "reason": "\(reason.message)",
                ])
        case .willLapse(let count, let rows):
            logger.warning(
                "authorizations lapse before their turn can come at the account's limits",
                metadata: [
                    "rows": "\(count)", "first": "\(rows.map(String.init).joined(separator: " "))",
                ])
        case .stopping(let stop):
            logger.warning(
                "stopping; answers in flight are awaited",
                metadata: ["by": "\(stop.reason.rawValue)", "reason": "\(stop.message ?? "")"]
                    .merging(metadata(run)) { $1 })
        }
    }

    private func metadata(_ run: RunRecord) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "run": "\(run.name)", "done": "\(line.settled.values.reduce(0, +))/\(run.rows)",
        ]
        for (outcome, count) in line.settled { metadata[outcome.rawValue] = "\(count)" }
        return metadata
    }

    private mutating func outlook() -> Logger.Metadata {
        let now = timekeeper.now()
        guard let forecast = line.forecast(at: now) else { return [:] }
        return ["calls-left": "\(forecast.calls)", "ends": "\(forecast.text(from: now.wall))"]
    }

    private func text(_ time: WallTime) -> String {
        UTCClockText.text(unixSeconds: Int(time.milliseconds / 1000))
    }
}

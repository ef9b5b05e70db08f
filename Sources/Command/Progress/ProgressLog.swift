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
    private let line: SharedLine
    private let timekeeper = SystemTimekeeper()

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

    /// What was settled so far. Every event is counted where it happens: most have nothing to print, and nobody is
    /// woken for them.
    private final class SharedLine: Sendable {
        let value = Mutex(ProgressLine())
    }

    private init(_ line: SharedLine, logger: Logger, onTerminal: Bool) {
        self.line = line
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
        let line = SharedLine()
        let (signals, feed) = AsyncStream.makeStream(
            of: Signal.self, bufferingPolicy: .bufferingOldest(bufferLimit))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let log = ProgressLog(line, logger: logger, onTerminal: onTerminal)
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
                    line.value.withLock { $0.note(event, of: run) }
                    if event.isPrinted { feed.yield(.event(run, event)) }
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

    private func take(_ signal: Signal) {
        switch signal {
        case .tick where onTerminal: draw()
        case .tick:
            guard let run = line.value.withLock({ $0.run }) else { return }
            logger.info("progress", metadata: metadata(run).merging(outlook()) { $1 })
        case .event(let run, let event): note(event, run)
        }
    }

    private func draw() {
        let now = timekeeper.now()
        guard let text = line.value.withLock({ $0.text(at: now, width: Terminal.width) }) else { return }
        Terminal.draw(text)
    }

    private func note(_ event: RunEvent, _ run: RunRecord) {
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
        let settled = line.value.withLock { $0.settled }
        var metadata: Logger.Metadata = [
            "run": "\(run.name)", "done": "\(settled.values.reduce(0, +))/\(run.rows)",
        ]
        for (outcome, count) in settled { metadata[outcome.rawValue] = "\(count)" }
        return metadata
    }

    private func outlook() -> Logger.Metadata {
        let now = timekeeper.now()
        guard let forecast = line.value.withLock({ $0.forecast(at: now) }) else { return [:] }
        return ["calls-left": "\(forecast.calls)", "ends": "\(forecast.text(from: now.wall))"]
    }

    private func text(_ time: WallTime) -> String {
        UTCClockText.text(unixSeconds: Int(time.milliseconds / 1000))
    }
}

extension RunEvent {
    /// Whether there is a line for it.
    fileprivate var isPrinted: Bool {
        switch self {
        case .began, .allowance: false
        case .settled(let settlement): settlement.outcome == .unconfirmed
        case .outageBegan, .outageEnded, .paused, .waitsForRun, .staysUnconfirmed, .willLapse, .stopping: true
        }
    }
}

import Instructions
import Pacing
import Runs

/// What is known of a run under way, as one line for a terminal:
/// `march.csv  3,120/8,000 39%  82/s  limit 100/1s  9,760 calls, 2 min left  applied 3,000, rejected 120`.
struct ProgressLine {
    /// How far back the rate is measured.
    private static let memory: Duration = .seconds(15)
    /// Samples that are kept at most; one is taken each time the line is asked for.
    private static let sampleLimit = 128

    private struct Sample {
        let time: Duration
        let settled: Int
    }

    private var run: RunRecord?
    private var outlook = RunOutlook()
    private var samples: [Sample] = []
    /// What holds it up at the moment, in words.
    private var hindrance: String?
    private var pace = WorkingPace()
    private var pausedUntil: WallTime?

    mutating func note(_ event: RunEvent, of run: RunRecord) {
        if self.run?.id != run.id { self = ProgressLine() }
        self.run = run
        outlook.note(event, of: run)
        switch event {
        case .outageBegan: hindrance = "the gateway does not answer"
        case .outageEnded: hindrance = nil
        case .paused(let until, _): pausedUntil = until
        case .stopping: hindrance = "stopping, awaiting answers in flight"
        case .began, .settled, .allowance, .waitsForRun, .staysUnconfirmed, .willLapse: break
        }
    }

    /// Rows of that run were settled.
    mutating func add(_ settled: [Outcome: Int]) { outlook.add(settled) }

    /// nil before a run begins.
    ///
    /// - Parameter width: columns that may be used; what does not fit is left out from the end.
    mutating func text(at now: Moment, width: Int) -> String? {
        guard let run else { return nil }
        let done = outlook.done
        let forecast = forecast(at: now)
        let percent = run.rows == 0 ? 100 : Int(Int64(done) * 100 / Int64(run.rows))
        var parts = [run.input.name, "\(Self.grouped(done))/\(Self.grouped(run.rows)) \(percent)%"]
        if let perSecond = rate { parts.append("\(Self.short(perSecond))/s") }
        if let limit = forecast?.binding { parts.append("limit \(limit.text)") }
        if let reason = reason(at: now.wall) {
            parts.append(reason)
        } else if let forecast {
            parts.append(Self.text(forecast, at: now.wall))
        }
        let counts = Outcome.allCases.compactMap { outcome in
            outlook.settled[outcome].map { "\(outcome.rawValue) \(Self.grouped($0))" }
        }
        if !counts.isEmpty { parts.append(counts.joined(separator: ", ")) }
        return Self.shown(parts.joined(separator: "  "), width: width)
    }

    /// What the run still needs; nil while nobody knows, and when nothing is left.
    mutating func forecast(at now: Moment) -> RunForecast? {
        sample(Sample(time: now.monotonic, settled: outlook.done))
        pace.note(settled: outlook.done, at: now.monotonic)
        return outlook.forecast(at: now.monotonic, rowsPerSecond: pace.rowsPerSecond)
    }

    var settled: [Outcome: Int] { outlook.settled }

    private func reason(at now: WallTime) -> String? {
        if let hindrance { return hindrance }
        guard let pausedUntil, pausedUntil > now else { return nil }
        return
            "paused by the gateway for \(Self.length(Double(pausedUntil.since(now).wholeMilliseconds) / 1000))"
    }

    private mutating func sample(_ sample: Sample) {
        samples.append(sample)
        while let first = samples.first,
            samples.count > Self.sampleLimit || sample.time - first.time > Self.memory
        {
            samples.removeFirst()
        }
    }

    /// Rows a second over the last seconds; nil while that cannot be told.
    private var rate: Double? {
        guard let first = samples.first, let last = samples.last, last.time - first.time >= .seconds(1) else {
            return nil
        }
        return Double(last.settled - first.settled) * 1000
            / Double((last.time - first.time).wholeMilliseconds)
    }
}

// MARK: Wording

extension ProgressLine {
    /// `9,760 calls, 2 min left`; an end that is an hour off and more is named by its time.
    private static func text(_ forecast: RunForecast, at now: WallTime) -> String {
        let calls = "\(grouped(forecast.calls)) calls"
        guard forecast.duration < .seconds(3_600) else {
            return "\(calls), ends \(forecast.endText(from: now))"
        }
        return "\(calls), \(length(forecast.duration / .seconds(1))) left"
    }

    /// `0.4`, `7.3`, `82`
    private static func short(_ value: Double) -> String {
        guard value < 10 else { return grouped(Int(value)) }
        let tenths = Int(value * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// `42 s`, `12 min`, `3 h 5 min`
    static func length(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds.rounded(.up)), 1e9))
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3_600: "\((whole + 59) / 60) min"
        default: "\(whole / 3_600) h \(whole / 60 % 60) min"
        }
    }

    private static func grouped(_ value: Int) -> String {
        var digits = String(value)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return digits
    }

    /// Without what a terminal would obey, and no wider than it is: a line that wraps cannot be redrawn.
    private static func shown(_ text: String, width: Int) -> String {
        let safe = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) }
        guard safe.count > width else { return String(safe) }
        return width < 1 ? "" : String(safe.prefix(width - 1)) + "…"
    }
}

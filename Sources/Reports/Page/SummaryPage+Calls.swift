import Instructions
import Pacing
import Runs

extension SummaryPage {
    /// When the run called its gateway to change money.
    var calls: String {
        guard !summary.isRefused, let calls = summary.findings?.calls else { return "" }
        let highest = calls.counts.max() ?? 0
        guard highest > 0 else {
            return Self.section("Calls over time", "<p>No money-changing call was made.</p>")
        }
        return Self.section("Calls over time", chart(calls, highest: highest) + "\n" + rate)
    }

    private static let (left, top, width, height) = (44, 12, 950, 140)

    private func chart(_ calls: CallTimeline, highest: Int) -> String {
        let scale = Self.roundUp(highest)
        let (left, top, width, height) = (Self.left, Self.top, Self.width, Self.height)
        var shapes = [0, scale / 2, scale].filter { $0 * 2 % scale == 0 }.map { value -> String in
            let y = top + height - height * value / scale
            return """
                <line class="grid" x1="\(left)" y1="\(y)" x2="\(left + width)" y2="\(y)"/>\
                <text x="\(left - 8)" y="\(y + 4)" text-anchor="end">\(HTMLText.number(value))</text>
                """
        }
        for (index, count) in calls.counts.enumerated() where count > 0 {
            let from = left + width * index / calls.counts.count
            let to = left + width * (index + 1) / calls.counts.count
            let tall = max(1, height * count / scale)
            let start = calls.start.advanced(by: .milliseconds(calls.milliseconds * Int64(index)))
            shapes.append(
                """
                <rect class="call" x="\(from + 1)" y="\(top + height - tall)" width="\(max(1, to - from - 2))" \
                height="\(tall)"><title>\(HTMLText.count(count, "call")) from \(UTCText.of(start))</title></rect>
                """)
        }
        let base = top + height + 18
        shapes.append(
            """
            <text x="\(left)" y="\(base)">\(Self.clock(calls.start))</text>\
            <text x="\(left + width)" y="\(base)" text-anchor="end">\(Self.clock(calls.end))</text>
            """)
        let words =
            "\(HTMLText.count(calls.counts.reduce(0, +), "money-changing call")) "
            + "from \(Self.clock(calls.start)) to \(Self.clock(calls.end)), "
            + "\(HTMLText.number(highest)) at most within \(Self.length(calls.milliseconds))"
        return """
            <svg class="chart" viewBox="0 0 1000 \(base + 6)" role="img" aria-label="\(words)">
            \(shapes.joined(separator: "\n"))
            </svg>
            <p class="soft">Money-changing calls in each \(Self.length(calls.milliseconds)).</p>
            """
    }

    private var rate: String {
        let calls = run.calls
        let counted =
            "\(HTMLText.count(calls.changes, "money-changing call")), \(HTMLText.number(calls.retries)) of them "
            + "repeated; \(HTMLText.count(calls.reads, "other call"))"
        guard let rate = CallRate(run), let perSecond = rate.perSecond else { return "<p>\(counted).</p>" }
        return "<p>\(counted); \(HTMLText.grouped(perSecond)) calls a second over "
            + "\(Self.length(rate.milliseconds)).</p>"
    }

    /// The next of 1, 2, 4, 10, 20, 40, 100, …: at least the value, and even but for 1.
    static func roundUp(_ value: Int) -> Int {
        var power = 1
        while true {
            for factor in [1, 2, 4] where power * factor >= value { return power * factor }
            guard power <= Int.max / 40 else { return value }
            power *= 10
        }
    }

    /// `200 ms`, `7.7 s`, `12 min 3 s`, `2 h 5 min`, `3 d 2 h`; what is small beside it is left out.
    static func length(_ milliseconds: Int64) -> String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        func pair(_ large: Int64, _ unit: String, _ small: Int64, _ smallUnit: String) -> String {
            small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(smallUnit)"
        }
        switch seconds {
        case 0: return "\(milliseconds) ms"
        case ..<60: return rest < 100 ? "\(seconds) s" : "\(seconds).\(rest / 100) s"
        case ..<3_600: return pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86_400: return pair(seconds / 3_600, "h", seconds / 60 % 60, "min")
        default: return pair(seconds / 86_400, "d", seconds / 3_600 % 24, "h")
        }
    }

    /// Names, times and fingerprints, for the file.
    var particulars: String {
        var entries: [(String, String)] = [
            (!summary.isRefused ? "Run" : "Refusal", "<code>\(HTMLText.foreign(run.name))</code>"),
            ("State", summary.state),
            ("Input", HTMLText.foreign(run.input.path)),
            ("SHA-256", "<code>\(HTMLText.foreign(run.input.sha256))</code>"),
            ("Size", HTMLText.count(Int(run.input.byteCount), "byte")),
            ("Account", "\(HTMLText.foreign(run.accountName)) · \(HTMLText.foreign(run.identity))"),
            ("Asked for by", HTMLText.foreign(run.actor)),
            ("Handed in", Self.clock(run.createdAt)),
        ]
        if let note = run.note { entries.append(("Note", HTMLText.foreign(note))) }
        if let started = run.startedAt { entries.append(("Started", Self.clock(started))) }
        if let ended = run.endedAt, !summary.isRefused { entries.append(("Ended", Self.clock(ended))) }
        if !summary.isRefused { entries.append(("Executions", HTMLText.number(run.executions))) }
        if let code = summary.exitCode { entries.append(("Exit code", String(code))) }
        let lines = entries.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }
        return Self.section("Particulars", "<dl>\n\(lines.joined(separator: "\n"))\n</dl>")
    }
}

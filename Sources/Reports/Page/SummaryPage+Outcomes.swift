import Instructions
import Runs

extension SummaryPage {
    /// A bar of all rows, and what each part of it means.
    var outcomes: String {
        let counts = summary.counts
        let present = Outcome.allCases.filter { counts[$0, default: 0] > 0 }
        guard !present.isEmpty else { return "" }
        let lines = present.map { outcome -> String in
            let rows = counts[outcome, default: 0]
            return """
                <tr><th scope="row"><span class="swatch \(outcome.rawValue)"></span>\(outcome.words)</th>\
                <td>\(Self.meaning(outcome, isRefused: summary.isRefused))</td>\
                <td class="n">\(HTMLText.number(rows))</td><td class="n soft">\(share(rows))</td></tr>
                """
        }
        return Self.section(
            "Outcomes",
            """
            \(bar(present.map { ($0, counts[$0, default: 0]) }))
            <table>
            <thead><tr><th scope="col">Outcome</th><th scope="col">Meaning</th>\
            <th scope="col" class="n">Rows</th><th scope="col" class="n">Share</th></tr></thead>
            <tbody>
            \(lines.joined(separator: "\n"))
            </tbody>
            </table>
            """)
    }

    /// Widths in thousandths of the bar; each part that has a row can be seen.
    private func bar(_ parts: [(outcome: Outcome, rows: Int)]) -> String {
        let widths = Self.widths(parts.map(\.rows))
        var x = 0
        var shapes: [String] = []
        for (part, width) in zip(parts, widths) {
            shapes.append(
                """
                <rect class="\(part.outcome.rawValue)" x="\(x)" y="0" width="\(width)" height="26">\
                <title>\(part.outcome.words): \(HTMLText.count(part.rows, "row"))</title></rect>
                """)
            x += width
        }
        let words = parts.map { "\(HTMLText.number($0.rows)) \($0.outcome.words)" }.joined(separator: ", ")
        return """
            <svg class="bar" viewBox="0 0 1000 26" preserveAspectRatio="none" role="img" aria-label="\(words)">
            \(shapes.joined(separator: "\n"))
            </svg>
            """
    }

    /// Shares of 1000, none below 6, that add up to 1000.
    ///
    ///     [1, 1] → [500, 500]     [9999, 1] → [994, 6]
    static func widths(_ rows: [Int]) -> [Int] {
        let sum = rows.reduce(0, +)
        guard sum > 0 else { return rows.map { _ in 0 } }
        var widths = rows.map { max(6, Int(Int64($0) * 1000 / Int64(sum))) }
        if let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
            widths[widest] += 1000 - widths.reduce(0, +)
        }
        return widths
    }

    /// In tenths of a percent, rounded down, so that only all of it is 100 %.
    private func share(_ rows: Int) -> String {
        let thousandths = run.rows == 0 ? 0 : Int64(rows) * 1000 / Int64(run.rows)
        if thousandths == 0, rows > 0 { return "&lt; 0.1 %" }
        return "\(thousandths / 10).\(thousandths % 10) %"
    }

    private static func meaning(_ outcome: Outcome, isRefused: Bool) -> String {
        switch outcome {
        case .applied: "The gateway did it in this run."
        case .alreadyApplied: "It stood so already; nothing was sent."
        case .rejected: "A rule says no; nothing was sent."
        case .declined: "The gateway refused it for good."
        case .failed: "Known not to have taken effect."
        case .unconfirmed: "It may have taken effect; a person must look."
        case .notSent:
            isRefused ? "Nothing wrong with it; its file was refused." : "The run was abandoned before it."
        }
    }

    /// Rows that a person must look at, with what they need for it.
    var unconfirmed: String {
        let count = summary.counts[.unconfirmed, default: 0]
        guard count > 0 else { return "" }
        let lines = summary.unconfirmed.map { row in
            """
            <tr><td>\(HTMLText.number(row.row))</td><td><code>\(HTMLText.foreign(row.intentID))</code></td>\
            <td><code>\(HTMLText.foreign(row.key))</code></td></tr>
            """
        }
        let further = count - summary.unconfirmed.count
        let rest =
            further > 0
            ? "\n<p class=\"soft\">And \(HTMLText.number(further)) more; the results file has them all.</p>"
            : ""
        return Self.section(
            "Not confirmed",
            """
            <p>\(HTMLText.sentence(summary.howToResolve))</p>
            <table>
            <thead><tr><th scope="col">Row</th><th scope="col">Payment intent</th>\
            <th scope="col">Key</th></tr></thead>
            <tbody>
            \(lines.joined(separator: "\n"))
            </tbody>
            </table>\(rest)
            """)
    }
}

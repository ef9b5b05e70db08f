import Instructions
import Runs
import Spool

extension SummaryPage {
    /// What was asked and what was done, by action and currency.
    var sums: String {
        guard !summary.sums.isEmpty else { return "" }
        var lines: [String] = []
        var earlier: OutcomeSum?
        for sum in summary.sums {
            let isNewGroup = earlier?.action != sum.action || earlier?.currency != sum.currency
            lines.append(line(sum, isFirst: isNewGroup))
            earlier = sum
        }
        return Self.section(
            "Sums",
            """
            <table class="groups">
            <thead><tr><th scope="col">Action</th><th scope="col">Currency</th><th scope="col">Outcome</th>\
            <th scope="col" class="n">Rows</th><th scope="col" class="n">Asked</th>\
            <th scope="col" class="n">Applied</th></tr></thead>
            <tbody>
            \(lines.joined(separator: "\n"))
            </tbody>
            </table>
            """)
    }

    private func line(_ sum: OutcomeSum, isFirst: Bool) -> String {
        func amount(_ minorUnits: Int64) -> String {
            sum.currency.map { HTMLText.grouped(Money(minorUnits: minorUnits, currency: $0).majorText) }
                ?? "–"
        }
        let currency = sum.currency?.code ?? "amount unknown"
        let applied = sum.outcome == .applied ? amount(sum.applied) : "–"
        return """
            <tr class="\(isFirst ? "first" : "again")"><th scope="row">\(sum.action?.rawValue ?? "unknown")</th>\
            <td>\(currency)</td><td><span class="swatch \(sum.outcome.rawValue)"></span>\(sum.outcome.words)</td>\
            <td class="n">\(HTMLText.number(sum.rows))</td><td class="n">\(amount(sum.asked))</td>\
            <td class="n">\(applied)</td></tr>
            """
    }

    /// What the check found in the file, by code.
    var problems: String {
        guard let entries = summary.findings?.problems.entries, !entries.isEmpty else { return "" }
        let lines = entries.map { entry in
            """
            <tr><th scope="row"><code>\(HTMLText.escaped(entry.code))</code></th><td>\(entry.severity.rawValue)</td>\
            <td><bdi>\(HTMLText.sentence(entry.message))</bdi> \
            <span class="soft"><bdi>\(HTMLText.sentence(entry.mend))</bdi></span></td>\
            <td class="n">\(HTMLText.number(entry.count))</td></tr>
            """
        }
        return Self.section(
            "Problems in the file",
            """
            <table>
            <thead><tr><th scope="col">Code</th><th scope="col">Severity</th>\
            <th scope="col">The first of them</th><th scope="col" class="n">Number</th></tr></thead>
            <tbody>
            \(lines.joined(separator: "\n"))
            </tbody>
            </table>
            """)
    }

    /// The proof that no row is lost.
    var tieOut: String {
        let counts = summary.counts
        let parts = Outcome.allCases.filter { counts[$0, default: 0] > 0 }
            .map { "<span>\(HTMLText.number(counts[$0, default: 0]))&#160;\($0.words)</span>" }
        let sum = parts.isEmpty ? "0" : parts.joined(separator: " + ")
        let mark = summary.ties ? "=" : "≠"
        var lines = [
            "<p class=\"sum\"><span>\(HTMLText.count(run.rows, "row")) in the file</span> \(mark) \(sum)</p>"
        ]
        if let resubmit = summary.findings?.resubmit, resubmit.rows > 0 {
            let are = resubmit.rows == 1 ? "row is" : "rows are"
            lines.append(
                "<p>\(HTMLText.number(resubmit.rows)) \(are) in the resubmit file, known not to have taken "
                    + "effect; mended, it can be handed in as it stands.</p>")
        }
        for parent in summary.findings?.parents.parents ?? [] {
            lines.append(
                "<p>\(HTMLText.count(parent.rows, "row")) handed in again from "
                    + "<code>\(HTMLText.foreign(parent.run))</code>.</p>")
        }
        if let others = summary.findings?.parents.others, others > 0 {
            lines.append("<p>\(HTMLText.count(others, "row")) handed in again from further runs.</p>")
        }
        return Self.section("Every row accounted for", lines.joined(separator: "\n"))
    }

    var warnings: String {
        guard !summary.warnings.isEmpty else { return "" }
        let lines = summary.warnings.map { "<li>\(HTMLText.foreign($0))</li>" }
        return Self.section("Warnings", "<ul>\n\(lines.joined(separator: "\n"))\n</ul>")
    }

    var filesOfReport: String {
        let lines = files.map { file in
            """
            <tr><th scope="row"><a href="\(HTMLText.address(file.name))">\(HTMLText.foreign(file.name))</a></th>\
            <td>\(Self.purpose(file.name))</td><td class="n">\(HTMLText.number(Int(file.byteCount)))</td></tr>
            """
        }
        return Self.section(
            "Files of this report",
            """
            <table>
            <thead><tr><th scope="col">File</th><th scope="col">Holds</th>\
            <th scope="col" class="n">Bytes</th></tr></thead>
            <tbody>
            \(lines.joined(separator: "\n"))
            </tbody>
            </table>
            """)
    }

    private static func purpose(_ name: String) -> String {
        for (part, purpose) in [
            (".results.", "every row of the file with its outcome"),
            (".resubmit.", "the rows to be mended and handed in again"),
            (".problems.", "everything the check found in the file"),
        ] where name.contains(part) {
            return purpose
        }
        return "this page for programs"
    }
}

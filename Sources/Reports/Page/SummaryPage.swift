import Instructions
import Pacing
import Runs
import Spool

/// `summary.html`: a run for people, on one page that needs nothing else. No script, light and dark, fit to
/// be printed; also well-formed XML, so that programs can read it.
struct SummaryPage {
    let summary: Summary
    /// The other files of the report, to be linked.
    let files: [PublishedFile.Receipt]

    var run: RunRecord { summary.run }

    init(_ summary: Summary, files: [PublishedFile.Receipt]) {
        self.summary = summary
        self.files = files
    }

    var html: String {
        let title = HTMLText.escaped("\(run.input.name): \(verdict.headline)")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <title>\(title)</title>
            <style>
            \(PageStyle.css)</style>
            </head>
            <body>
            <main>
            \(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    var verdict: Verdict { Verdict(summary) }

    /// What a person needs first comes first: of a refused file what is wrong with it.
    private var sections: [String] {
        !summary.isRefused
            ? [
                header, unconfirmed, outcomes, sums, problems, calls, tieOut, warnings, filesOfReport,
                particulars,
            ] : [header, warnings, problems, outcomes, sums, tieOut, filesOfReport, particulars]
    }

    private var header: String {
        let time = run.endedAt ?? run.createdAt
        let job = run.job.map { " · job \(HTMLText.foreign($0))" } ?? ""
        return """
            <header>
            <p class="over">intentbatch · \(!summary.isRefused ? "report of a run" : "refused file")</p>
            <h1>\(HTMLText.escaped(verdict.headline))</h1>
            <p class="lead \(verdict.grade.rawValue)">\(HTMLText.escaped(verdict.detail))</p>
            <p class="where">\(HTMLText.foreign(run.input.name)) · account \
            \(HTMLText.foreign(run.accountName))\(job) · \(Self.clock(time))</p>
            </header>
            """
    }

    /// `2026-11-20 02:00:09 UTC`
    static func clock(_ time: WallTime) -> String {
        let text = UTCText.of(time)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    }

    static func section(_ title: String, _ body: String) -> String {
        """
        <section>
        <h2>\(title)</h2>
        \(body)
        </section>
        """
    }
}

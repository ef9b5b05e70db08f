import Foundation
import FoundationXML
import Instructions
import Pacing
import Runs
import Testing

@testable import Reports

@Suite struct SummaryPageTests {
    private static let hostile = "<script>alert(1)</script>\" onload='x' ]]> & \u{202E}txt\u{0}\u{1B}[31m"

    /// A run whose every text is hostile.
    private func hostileRun() async throws -> FinishedRun {
        var row = settlement(1, .unconfirmed)
        row.key = Self.hostile
        row.message = Self.hostile
        let run = try FinishedRun(
            input: "action,intent_id,result_run,result_row\ncancel,1,\"<b>&\",1\n", rows: 1, settled: [row],
            name: "<b>\"&' ü.csv")
        try await run.publish(
            warnings: [Self.hostile],
            problems: [
                Problem(
                    code: "<i>", severity: .warning, row: 1, message: Self.hostile, mend: Self.hostile)
            ])
        return run
    }

    @Test("The page is well-formed, without script, and nothing that others wrote becomes markup")
    func escaping() async throws {
        let run = try await hostileRun()
        let bytes = try #require(try run.published()["summary.html"])
        let page = try Page(bytes)
        let allowed: Set = [
            "html", "head", "meta", "title", "style", "body", "main", "header", "section", "h1", "h2", "p",
            "table", "thead", "tbody", "tr", "th", "td", "span", "bdi", "code", "svg", "rect", "line", "text",
            "a", "dl", "dt", "dd", "ul", "li",
        ]
        #expect(page.elements.subtracting(allowed).isEmpty, "\(page.elements.subtracting(allowed))")
        #expect(page.attributes.allSatisfy { !$0.hasPrefix("on") && $0 != "style" })
        #expect(
            page.text.contains("<script>alert(1)</script>\" onload='x' ]]> & \u{FFFD}txt\u{FFFD}\u{FFFD}[31m")
        )
        #expect(page.links.contains("./%3Cb%3E%22%26%27%20%C3%BC.results.csv.gz"))
        #expect(page.links.allSatisfy { $0.hasPrefix("./") })
    }

    @Test("Nothing is loaded from anywhere; both colour schemes and paper are provided for")
    func selfContained() async throws {
        let run = try await hostileRun()
        let html = String(decoding: try #require(try run.published()["summary.html"]), as: UTF8.self)
        for word in ["=\"http", "url(", "@import", "src=", "<link", "javascript:"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(html.contains("prefers-color-scheme: dark") && html.contains("@media print"))
        #expect(html.contains("default-src 'none'"))
    }

    @Test("Every table has headers with a scope, every picture a description")
    func accessible() async throws {
        let run = try await hostileRun()
        let page = try Page(try #require(try run.published()["summary.html"]))
        #expect(page.headersWithoutScope == 0)
        #expect(page.picturesWithoutLabel == 0)
        #expect(page.elements.contains("svg"))
    }

    @Test("What the page says first is the gravest thing")
    func verdicts() throws {
        func verdict(_ counts: [Outcome: Int], _ state: RunState = .finished) throws -> Verdict {
            let rows = counts.values.reduce(0, +)
            let run = try FinishedRun(input: "", rows: rows, settled: [])
            run.record.state = state
            let sums = counts.map {
                OutcomeSum(
                    action: .cancel, currency: nil, outcome: $0.key, rows: $0.value, asked: 0, applied: 0)
            }
            return Verdict(Summary(run: run.record, sums: sums, unconfirmed: [], warnings: []))
        }
        let table: [([Outcome: Int], RunState, Verdict.Grade, String, String)] = [
            ([.applied: 8000], .finished, .good, "All 8,000 rows are done", "in this run"),
            ([.applied: 1], .finished, .good, "The row is done", "in this run"),
            ([.applied: 1, .alreadyApplied: 1], .finished, .good, "All 2 rows are done", "1 of them was"),
            (
                [.applied: 9, .rejected: 1], .finished, .partly, "1 of 10 rows was not done",
                "other 9 are done"
            ),
            ([.failed: 2, .declined: 1], .finished, .partly, "3 of 3 rows were not done", "known not to"),
            ([.applied: 9, .unconfirmed: 1], .finished, .grave, "1 row is not confirmed", "It may have"),
            ([.unconfirmed: 2, .notSent: 1], .abandoned, .grave, "2 rows are not confirmed", "They may"),
            ([.applied: 2, .notSent: 3], .abandoned, .stopped, "The run was abandoned", "2 of 5 rows done"),
        ]
        for (counts, state, grade, headline, detail) in table {
            let verdict = try verdict(counts, state)
            #expect(verdict.grade == grade)
            #expect(verdict.headline == headline)
            #expect(verdict.detail.contains(detail), "\(verdict.detail)")
        }
    }

    @Test("The bar's parts add up and each can be seen")
    func widths() {
        for rows in [[1], [1, 1], [9999, 1], [1, 9999], [3, 3, 3], [1_000_000, 1, 1, 1, 1, 1, 1]] {
            let widths = SummaryPage.widths(rows)
            #expect(widths.reduce(0, +) == 1000)
            #expect(widths.allSatisfy { $0 >= 6 })
        }
    }

    @Test("Numbers and lengths of time read well")
    func words() {
        for (digits, text) in [
            ("0", "0"), ("999", "999"), ("1000", "1,000"), ("1234567.89", "1,234,567.89"),
            ("-1000", "-1,000"),
            ("-100", "-100"), ("12.3456", "12.3456"),
        ] { #expect(HTMLText.grouped(digits) == text) }
        for (milliseconds, text) in [
            (0, "0 ms"), (200, "200 ms"), (1_000, "1 s"), (1_050, "1 s"), (7_757, "7.7 s"), (60_000, "1 min"),
            (723_000, "12 min 3 s"), (7_500_000, "2 h 5 min"), (266_400_000, "3 d 2 h"),
        ] as [(Int64, String)] { #expect(SummaryPage.length(milliseconds) == text) }
        for (text, html) in [
            ("a < b", "a &lt; b"), ("type `x & y`.", "type <code>x &amp; y</code>."), ("a ` b", "a ` b"),
            ("`a` or `b`", "<code>a</code> or <code>b</code>"), ("", ""),
        ] { #expect(HTMLText.sentence(text) == html) }
        for (value, scale) in [
            (1, 1), (2, 2), (3, 4), (5, 10), (11, 20), (40, 40), (41, 100), (9_999, 10_000),
        ] {
            #expect(SummaryPage.roundUp(value) == scale)
        }
    }

    @Test("Stretches of time are round, at most sixty, and cover the run")
    func stretches() {
        for (from, to, width, count) in [
            (0, 0, 10, 1), (0, 300, 10, 31), (0, 8_000, 200, 41), (0, 60_000, 2_000, 31),
            (5, 7_200_000, 300_000, 25), (0, 259_200_000, 7_200_000, 37), (100, 50, 10, 1),
        ] as [(Int64, Int64, Int64, Int)] {
            let found = CallTimeline.stretches(
                from: WallTime(milliseconds: from), to: WallTime(milliseconds: to))
            #expect(found.1 == width && found.2 == count, "\(from) to \(to): \(found)")
        }
        var generator = SeededGenerator(state: 3)
        for _ in 0..<2_000 {
            let start = Int64.random(in: 0...4_000_000_000_000, using: &generator)
            let end =
                start
                + Int64.random(in: 0...(1 << Int64.random(in: 1...40, using: &generator)), using: &generator)
            let (first, width, count) = CallTimeline.stretches(
                from: WallTime(milliseconds: start), to: WallTime(milliseconds: end))
            #expect(first.milliseconds <= start && first.milliseconds + width * Int64(count) > end)
            #expect((1...CallTimeline.limit).contains(count))
        }
    }
}

/// The page as an XML parser sees it.
private final class Page: NSObject, XMLParserDelegate {
    private(set) var elements: Set<String> = []
    private(set) var attributes: Set<String> = []
    private(set) var links: [String] = []
    private(set) var text = ""
    private(set) var headersWithoutScope = 0
    private(set) var picturesWithoutLabel = 0

    init(_ bytes: [UInt8]) throws {
        super.init()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = self
        let isWellFormed = parser.parse()
        try #require(isWellFormed, "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes found: [String: String]
    ) {
        elements.insert(name)
        attributes.formUnion(found.keys)
        if let link = found["href"] { links.append(link) }
        if name == "th", found["scope"] == nil { headersWithoutScope += 1 }
        if name == "svg", found["aria-label"] == nil { picturesWithoutLabel += 1 }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

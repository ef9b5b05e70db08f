import Instructions
import Pacing
import Testing

@testable import Settings

@Suite struct JobFileTests {
    @Test("A whole job is read")
    func whole() throws {
        let job = try JobFile.parse(wholeJob, path: "/srv/jobs/nightly.yaml")
        #expect(job.name == "nightly-cancellations")
        #expect(job.input == "/srv/jobs/inbox/cancellations.csv")
        #expect(job.account == "useepay-eu")
        #expect(job.accountLine == 3)
        #expect(job.actions == [.cancel])
        #expect(job.preflight == .never)
        #expect(job.pendingWait == .seconds(900))
        #expect(job.attempts == 4)
        #expect(job.firstBackoff == .milliseconds(250))
        #expect(job.longestBackoff == .seconds(90))
        #expect(job.outageWait == .seconds(3600))
        #expect(job.drain == .seconds(3))
        #expect(job.reports == "/srv/outbox")
    }

    @Test("What is not written is nil, but for the drain")
    func smallest() throws {
        let job = try JobFile.parse("job: j\ninput: ../in.csv", path: "/srv/jobs/j.yaml")
        #expect(job.input == "/srv/jobs/../in.csv")
        #expect(job.drain == .seconds(10))
        #expect(job.actions == nil && job.account == nil && job.preflight == nil && job.pendingWait == nil)
        #expect(job.attempts == nil && job.firstBackoff == nil && job.longestBackoff == nil)
        #expect(job.outageWait == nil && job.reports == nil)
        #expect(job.whenEmpty == .ok && job.archive == nil && job.tolerance.rejectedPartsPerMillion == 0)
    }

    @Test("When a job stops by itself is read, and must say something")
    func stopping() throws {
        let job = try JobFile.parse(
            "job: j\ninput: i\nstop-when: { failures: 2%, consecutive: 20 }\ndeadline: 4h", path: "j.yaml")
        #expect(job.stopWhen == FailureLimit(partsPerMillion: 20_000, after: 200, consecutive: 20))
        #expect(job.deadline == .seconds(4 * 3600))
        #expect(throws: ConfigurationError.self) {
            try JobFile.parse("job: j\ninput: i\nstop-when: { after: 5 }", path: "j.yaml")
        }
    }

    @Test("An input may have wildcards in its last part", arguments: ["a-*.csv", "a?.csv", "[ab].csv"])
    func pattern(name: String) throws {
        let job = try JobFile.parse(
            "job: j\ninput: inbox/\"\(name)\"".replacing("\"", with: ""), path: "/srv/j.yaml")
        #expect(job.input == "/srv/inbox/\(name)")
    }

    @Test("What a job says of its files is read")
    func files() throws {
        let job = try JobFile.parse(
            """
            job: j
            input: i
            on-invalid: skip
            when-empty: fail
            archive: ../done
            tolerate: { rejected: 5%, declined: 0.5% }
            max: { rows: 50000, sum: { JPY: 5, EUR: 250000.5 }, invalid: 0.25% }
            totals: required
            card-check: { except: [order_no, "Order No"] }
            """, path: "j.yaml")
        #expect(job.onInvalid == .skip && job.needsTotals)
        #expect(job.whenEmpty == .fail && job.archive?.hasSuffix("/../done") == true)
        #expect(job.tolerance.rejectedPartsPerMillion == 50_000)
        #expect(job.tolerance.declinedPartsPerMillion == 5_000)
        #expect(job.maximum.rows == 50_000 && job.maximum.invalidPartsPerMillion == 2_500)
        #expect(job.maximum.sums.map { "\($0.majorText) \($0.currency.code)" } == ["250000.50 EUR", "5 JPY"])
        #expect(job.columnsWithoutCards == ["order_no", "Order No"])
    }

    @Test("How the input is to be read is read")
    func reading() throws {
        let job = try JobFile.parse(
            """
            job: j
            input: i
            encoding: windows-1252
            decimal: comma
            delimiter: ";"
            columns: { intent_id: "PSP Reference", amount: Betrag }
            defaults: { currency: eur, action: cancel }
            blank-amount: all
            """, path: "j.yaml")
        var expected = ReadOptions()
        expected.encoding = .windows1252
        expected.decimal = .comma
        expected.delimiter = .semicolon
        expected.columns = [.intentID: "PSP Reference", .amount: "Betrag"]
        expected.defaults = [.currency: "eur", .action: "cancel"]
        expected.blankAmountIsAll = true
        #expect(job.reading == expected)
        #expect(try JobFile.parse("job: j\ninput: i", path: "j.yaml").reading == ReadOptions())
        for (text, delimiter) in [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("\"\\t\"", "\t")] {
            let job = try JobFile.parse("job: j\ninput: i\ndelimiter: \(text)", path: "j.yaml")
            #expect(job.reading.delimiter.map { [$0.byte] } == Array(delimiter.utf8))
        }
    }

    @Test(
        "Shares are percentages with at most four decimals",
        arguments: [
            ("1%", 10_000), ("0%", 0), ("100%", 1_000_000), ("0.0001%", 1), ("12.5%", 125_000),
            ("100.0001%", nil), ("101%", nil), ("1", nil), ("%", nil), (".5%", nil), ("1.%", nil),
            ("0.00001%", nil), ("-1%", nil), ("1 %", nil),
        ] as [(String, Int?)])
    func shares(text: String, parts: Int?) throws {
        let yaml = "job: j\ninput: i\nmax: { invalid: \"\(text)\" }"
        if let parts {
            #expect(try JobFile.parse(yaml, path: "j.yaml").maximum.invalidPartsPerMillion == parts)
        } else {
            let error = #expect(throws: ConfigurationError.self) { try JobFile.parse(yaml, path: "j.yaml") }
            #expect(error?.problems.first?.message.contains("is no share; write `1%`") == true)
        }
    }

    @Test(
        "A mistake is reported with its line and how to mend it",
        arguments: [
            (
                "job: nightly-cancellations", "job: Nightly", 1,
                "this is no job name: it must be 1 to 64 of a-z 0-9 - _"
            ),
            ("job: nightly-cancellations", "job: a/b", 1, "this is no job name"),
            ("job: nightly-cancellations", "job: näht", 1, "this is no job name"),
            ("job: nightly-cancellations", "jb: a", 1, "did you mean `job`?"),
            ("job: nightly-cancellations", "preflight_: a", 1, "`job` is missing"),
            ("input: inbox/./cancellations.csv", "", 1, "`input` is missing"),
            ("inbox/./cancellations.csv", "in*/a.csv", 2, "in its last part only"),
            ("on-invalid: refuse", "when-empty: maybe", 5, "allowed: ok, fail"),
            ("on-invalid: refuse", "tolerate: { failed: 1% }", 5, "unknown key `failed`"),
            ("on-invalid: refuse", "tolerate: { rejected: 5 }", 5, "is no share"),
            ("inbox/./cancellations.csv", "[a.csv, b.csv]", 2, "`input` must be one value"),
            ("inbox/./cancellations.csv", "~/a.csv", 2, "`~` is not expanded"),
            ("inbox/./cancellations.csv", "\"a\\0b\"", 2, "NUL"),
            (
                "account: useepay-eu", "acount: useepay-eu", 3,
                "unknown key `acount`, did you mean `account`? known keys: "
            ),
            (
                "account: useepay-eu", "require-approval: yes", 3,
                "unknown key `require-approval`; known keys: job, "
            ),
            ("[cancel]", "cancel", 4, "must be a list with at least one value, such as `actions: [cancel]`"),
            (
                "[cancel]", "[cancle]", 4,
                "unknown value `cancle`, did you mean `cancel`? allowed: cancel, capture"
            ),
            ("[cancel]", "[cancel, capture]", 6, "`preflight: never` is allowed for whole cancels only"),
            ("on-invalid: refuse", "max: { row: 5 }", 5, "unknown key `row`, did you mean `rows`?"),
            ("on-invalid: refuse", "max: { rows: 0 }", 5, "must be a whole number from 1"),
            ("on-invalid: refuse", "max: 5", 5, "`max` must consist of"),
            ("on-invalid: refuse", "max: { sum: 5 }", 5, "`sum` must consist of"),
            ("on-invalid: refuse", "max: { sum: { EURO: 5 } }", 5, "`EURO` is no currency of ISO 4217"),
            (
                "on-invalid: refuse", "max: { sum: { JPY: 5.5 } }", 5,
                "`JPY`: `5.5` is no amount; write major units with a point and at most 0 decimals"
            ),
            ("on-invalid: refuse", "max: { sum: { EUR: \"5,50\" } }", 5, "such as `25000.00`"),
            (
                "on-invalid: refuse", "encoding: latin-1", 5,
                "unknown value `latin-1`; allowed: utf-8, windows-1252"
            ),
            ("on-invalid: refuse", "decimal: \",\"", 5, "allowed: point, comma"),
            ("on-invalid: refuse", "delimiter: \"|\"", 5, "allowed: comma, semicolon, tab"),
            ("on-invalid: refuse", "columns: { ammount: A }", 5, "did you mean `amount`?"),
            ("on-invalid: refuse", "columns: { amount: A, reason: a }", 5, "cannot be one column"),
            ("on-invalid: refuse", "columns: { amount: [a] }", 5, "`amount` must be one value"),
            (
                "on-invalid: refuse", "columns: { amount: \" \" }", 5,
                "must be the name that the file's header"
            ),
            ("on-invalid: refuse", "defaults: { intent_id: a }", 5, "unknown key `intent_id`"),
            ("on-invalid: refuse", "defaults: { currency: EURO }", 5, "must be an ISO 4217 code"),
            ("on-invalid: refuse", "defaults: { action: void }", 5, "must be cancel or capture"),
            ("on-invalid: refuse", "blank-amount: none", 5, "allowed: refuse, all"),
            ("on-invalid: refuse", "totals: always", 5, "allowed: optional, required"),
            ("on-invalid: refuse", "card-check: off", 5, "`card-check` must consist of"),
            ("on-invalid: refuse", "card-check: { except: order_no }", 5, "such as `except: [order_no]`"),
            ("on-invalid: refuse", "on-invalid: ignore", 5, "allowed: refuse, skip"),
            ("preflight: never", "preflight: sometimes", 6, "allowed: always, never"),
            ("15m", "2d", 7, "`d` is no unit of time here; units are ms, s, m, h"),
            ("15m", "-1s", 7, "`-1s` is no duration"),
            ("15m", "25h", 7, "25h is outside 0s to 24h"),
            ("attempts: 4", "attempts: 0", 8, "must be a whole number from 1 to 100"),
            ("attempts: 4", "atempts: 4", 8, "did you mean `attempts`?"),
            ("first: 250ms", "first: 2m", 8, "`first` must not be longer than `max`"),
            ("{ attempts: 4, first: 250ms, max: 90s }", "5", 8, "`retry` must consist of"),
            ("first: 250ms, max: 90s", "first: 61s", 8, "(60s unless given)"),
            ("drain: 3s", "drain: 3", 10, "`3` has no unit"),
            ("reports: /srv/outbox", "reports:", 11, "`reports` has no value"),
            ("drain: 3s", "drain: 3s\ndrain: 4s", 10, "`drain` is written twice"),
        ])
    func bad(replace: String, with: String, line: Int, message: String) throws {
        let text = wholeJob.replacing(replace, with: with, maxReplacements: 1)
        #expect(text != wholeJob)
        let error = #expect(throws: ConfigurationError.self) { try JobFile.parse(text, path: "j.yaml") }
        let problems = try #require(error).problems
        let told = problems.contains {
            $0.line == line && $0.message.contains(message)
        }
        #expect(told, "\(problems)")
    }

    @Test("CRLF line ends and a byte order mark change nothing")
    func lineEnds() throws {
        let job = try JobFile.parse(
            "\u{FEFF}" + wholeJob.replacing("\n", with: "\r\n"), path: "/srv/jobs/n.yaml")
        #expect(job == (try JobFile.parse(wholeJob, path: "/srv/jobs/n.yaml")))
    }
}

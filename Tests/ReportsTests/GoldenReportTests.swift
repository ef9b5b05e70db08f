import Instructions
import JSON
import Runs
import Spool
import Testing

@testable import Reports

@Suite struct GoldenReportTests {
    /// Rows 1 to 5 with a blank record as the fourth; a formula, quotes and a line end in cells.
    private func run() throws -> FinishedRun {
        let input =
            "\u{FEFF}action,intent_id,amount,currency,reason\r\n"
            + "cancel,1001,,,=1+1\r\n"
            + "capture,1002,10.50,EUR,\"two\r\nlines, \"\"quoted\"\"\"\r\n"
            + "cancel,1003,,, keeps its spaces \r\n,,,,\r\n"
            + "capture,1004,700,JPY,-\r\n"
        let eur = try Currency.named("EUR")
        let jpy = try Currency.named("JPY")
        var first = settlement(1, .applied)
        first.asked = Money(minorUnits: 9_900, currency: eur)
        first.applied = Money(minorUnits: 9_900, currency: eur)
        first.remaining = Money(minorUnits: 0, currency: eur)
        first.statusBefore = "requires_capture"
        first.statusAfter = "canceled"
        first.attempts = 2
        first.key = "BASE-1-2"
        first.gatewayReference = "order, 1"
        first.httpStatus = 200
        var second = settlement(2, .declined, .capture)
        second.asked = Money(minorUnits: 1_050, currency: eur)
        second.code = "amount_too_large"
        second.message = "the gateway said \"no\""
        second.gatewayCode = "card_declined"
        second.httpStatus = 400
        second.attempts = 1
        var third = settlement(3, .unconfirmed)
        third.howKnown = .none
        third.attempts = 1
        third.key = "BASE-3-1"
        var fifth = settlement(5, .alreadyApplied, .capture)
        fifth.howKnown = .rule
        fifth.asked = Money(minorUnits: 700, currency: jpy)
        return try FinishedRun(input: input, rows: 4, settled: [first, second, third, fifth])
    }

    @Test("Results: the input's columns, then the eighteen of the contract, one row in, one row out")
    func results() async throws {
        let run = try run()
        let published = try await run.publish()
        #expect(
            published.files.map(\.name) == [
                "cancellations.results.csv.gz", "cancellations.resubmit.csv.gz",
                "cancellations.problems.csv.gz", "summary.json", "summary.html",
            ])
        #expect(
            try run.results() == """
                action,intent_id,amount,currency,reason,result_run,result_row,result_line,result_outcome,\
                result_code,result_message,result_how_known,result_status_before,result_status_after,\
                result_amount_applied,result_amount_remaining,result_currency,result_attempts,result_key,\
                result_gateway_reference,result_gateway_code,result_http_status,result_finished_at
                cancel,1001,,,'=1+1,20261120T020001Z-nightly-3fa9c1,1,2,applied,,,response,requires_capture,\
                canceled,99.00,0.00,EUR,2,BASE-1-2,"order, 1",,200,2026-11-20T02:00:02.001Z
                capture,1002,10.50,EUR,"two\r
                lines, ""quoted""\",20261120T020001Z-nightly-3fa9c1,2,3,declined,amount_too_large,\
                "the gateway said ""no""\",response,,,,,EUR,1,,,card_declined,400,2026-11-20T02:00:02.002Z
                cancel,1003,,, keeps its spaces ,20261120T020001Z-nightly-3fa9c1,3,5,unconfirmed,,,none,,,,,,\
                1,BASE-3-1,,,,2026-11-20T02:00:02.003Z
                capture,1004,700,JPY,'-,20261120T020001Z-nightly-3fa9c1,5,7,already_applied,,,rule,,,,,JPY,0,\
                ,,,,2026-11-20T02:00:02.005Z

                """)
    }

    @Test("Resubmit: the rows known not to have taken effect, as they are in the results")
    func resubmit() async throws {
        let run = try run()
        let published = try await run.publish()
        #expect(
            try run.resubmit() == """
                action,intent_id,amount,currency,reason,\(ResultColumns.names.joined(separator: ","))
                capture,1002,10.50,EUR,"two\r
                lines, ""quoted""\",20261120T020001Z-nightly-3fa9c1,2,3,declined,amount_too_large,\
                "the gateway said ""no""\",response,,,,,EUR,1,,,card_declined,400,2026-11-20T02:00:02.002Z

                """)
        #expect(
            published.summary.json["resubmit"] == [
                "file": "cancellations.resubmit.csv.gz", "rows": 1,
            ])
    }

    @Test("Problems: every one with its place, formulas guarded")
    func problems() async throws {
        let run = try run()
        try await run.publish(problems: Self.warnings)
        #expect(
            try run.problems() == """
                severity,code,row,line,column,value,message,mend
                warning,column_odd,,1,reason,,"Odd, but taken.",Nothing.
                warning,blank_row,4,6,,'=1,The row is blank.,Nothing needs to be done.

                """)
    }

    private static let warnings = [
        Problem(
            code: "column_odd", severity: .warning, line: 1, column: "reason", message: "Odd, but taken.",
            mend: "Nothing."),
        Problem(
            code: "blank_row", severity: .warning, row: 4, line: 6, value: "=1",
            message: "The row is blank.", mend: "Nothing needs to be done."),
    ]

    @Test("summary.html, to the character")
    func page() async throws {
        let run = try run()
        try await run.publish(warnings: ["the input is still in place"], problems: Self.warnings)
        let bytes = try #require(try run.published()["summary.html"])
        try Golden.expect(String(decoding: bytes, as: UTF8.self), is: "summary-finished.html")
    }

    @Test("summary.json, to the character")
    func summary() async throws {
        let run = try run()
        try await run.publish(warnings: ["the input is still in place"])
        let bytes = try #require(try run.published()["summary.json"])
        #expect(String(decoding: bytes, as: UTF8.self) == Self.summary)
    }

    private static let summary = """
        {
          "format": 1,
          "run": "20261120T020001Z-nightly-3fa9c1",
          "revision": 1,
          "supersedes": null,
          "job": "nightly",
          "account": {
            "name": "eu",
            "identity": "useepay https://openapi.useepay.com 500000000007245 www.pay.com",
            "gateway": "useepay"
          },
          "input": {
            "name": "cancellations.csv",
            "path": "/in/cancellations.csv",
            "sha256": "ab12",
            "bytes": 77
          },
          "state": "finished",
          "times": {
            "created": "2026-11-20T02:00:01.000Z",
            "started": "2026-11-20T02:00:01.250Z",
            "ended": "2026-11-20T02:00:09.007Z"
          },
          "rows": 4,
          "counts": {
            "applied": 1,
            "already_applied": 1,
            "rejected": 0,
            "declined": 1,
            "failed": 0,
            "unconfirmed": 1,
            "not_sent": 0
          },
          "open": 0,
          "tie_out": {
            "rows": 4,
            "sum_of_outcomes": 4,
            "ties": true
          },
          "sums": [
            {
              "action": "cancel",
              "currency": "EUR",
              "outcome": "applied",
              "rows": 1,
              "asked": "99.00",
              "applied": "99.00"
            },
            {
              "action": "cancel",
              "currency": "none",
              "outcome": "unconfirmed",
              "rows": 1,
              "asked": "0",
              "applied": "0"
            },
            {
              "action": "capture",
              "currency": "EUR",
              "outcome": "declined",
              "rows": 1,
              "asked": "10.50",
              "applied": "0.00"
            },
            {
              "action": "capture",
              "currency": "JPY",
              "outcome": "already_applied",
              "rows": 1,
              "asked": "700",
              "applied": "0"
            }
          ],
          "calls": {
            "changes": 4,
            "reads": 5
          },
          "retries": 1,
          "rate_used": {
            "calls": 9,
            "seconds": "7.757",
            "calls_per_second": "1.16"
          },
          "executions": 2,
          "unconfirmed": {
            "rows": 1,
            "listed": [
              {
                "row": 3,
                "intent_id": "intent3",
                "key": "BASE-3-1"
              }
            ],
            "how_to_resolve": "Each of these may have taken effect. Type `intentbatch resolve \
        20261120T020001Z-nightly-3fa9c1`: it reads the intents again and sends nothing. What stays unconfirmed, look up \
        at the gateway by its id (status and captured or cancelled amount), then record it: `intentbatch resolve \
        20261120T020001Z-nightly-3fa9c1 --row N --as applied|failed --note TEXT`. Never hand the row in again before \
        that."
          },
          "warnings": [
            "the input is still in place"
          ],
          "exit_code": 2,
          "stopped_by": null,
          "problems": {
            "errors": 0,
            "warnings": 0,
            "by_code": []
          },
          "resubmit": {
            "file": "cancellations.resubmit.csv.gz",
            "rows": 1
          },
          "parents": [],
          "calls_over_time": {
            "start": "2026-11-20T02:00:01.200Z",
            "milliseconds": 200,
            "changes": [
              0,
              0,
              0,
              0,
              4,
        \(String(repeating: "      0,\n", count: 34))      0
            ]
          }
        }

        """

    @Test("The manifest lists every other file with size and SHA-256")
    func manifest() async throws {
        let run = try run()
        let published = try await run.publish()
        let files = try run.published()
        let listed = try #require(files["manifest.json"].flatMap(Manifest.listed))
        #expect(Set(listed.keys) == Set(files.keys).subtracting(["manifest.json"]))
        #expect(listed.count == 5)
        for file in published.files {
            #expect(listed[file.name] == file.sha256)
            #expect(files[file.name]?.count == Int(file.byteCount))
        }
    }
}

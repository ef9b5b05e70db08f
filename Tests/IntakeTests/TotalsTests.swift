import Foundation
import Instructions
import Testing

@testable import Intake

@Suite struct TotalsTests {
    private static let file = """
        action,intent_id,amount,currency
        capture,a,100.00,EUR
        capture,b,23.45,EUR
        capture,c,7,JPY
        capture,d,all,
        cancel,e,,

        """

    private func check(_ rules: CheckRules = CheckRules(), sidecar: String? = nil) throws -> CheckResult {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.file)
        if let sidecar { _ = try directory.write(sidecar, as: "input.csv.totals.json") }
        return try FileCheck(rules: rules, temporaryDirectory: directory.path).check(path: path)
    }

    private static let eur = #"{"action":"capture","currency":"EUR","rows":2,"sum":"123.45"}"#
    private static let jpy = #"{"action":"capture","currency":"JPY","rows":1,"sum":7}"#

    @Test(
        "Control totals beside a file are compared, and every difference refuses it",
        arguments: [
            (#"{"rows":5}"#, []),
            (#"{"rows":4}"#, ["totals_rows: The control totals expect 4 rows, the file has 5."]),
            (#"{"rows":5,"sums":[\#(eur),\#(jpy)]}"#, []),
            (#"{"sums":[\#(jpy),\#(eur)]}"#, []),
            (
                #"{"sums":[\#(eur)]}"#,
                [
                    "totals_sum: The control totals expect nothing for capture JPY, the file has 7 in 1 row."
                ]
            ),
            (
                #"{"rows":5,"sums":[\#(eur.replacing("123.45", with: "123.46")),\#(jpy)]}"#,
                [
                    "totals_sum: The control totals expect 123.46 in 2 rows for capture EUR, the file has 123.45 in 2 rows."
                ]
            ),
            (
                #"{"rows":5,"sums":[\#(eur.replacing("2,", with: "3,")),\#(jpy)]}"#,
                [
                    "totals_sum: The control totals expect 123.45 in 3 rows for capture EUR, the file has 123.45 in 2 rows."
                ]
            ),
            (
                #"{"sums":[\#(eur),\#(jpy),{"action":"cancel","currency":"EUR","sum":"1"}]}"#,
                [
                    "totals_sum: The control totals expect 1.00 for cancel EUR, the file has 0.00 in 0 rows."
                ]
            ),
        ] as [(String, [String])])
    func sidecar(text: String, expected: [String]) throws {
        let result = try check(sidecar: text)
        #expect(result.problems.map { "\($0.code): \($0.message)" } == expected)
        #expect(result.isRefused == !expected.isEmpty)
    }

    @Test(
        "Control totals that cannot be understood refuse the file",
        arguments: [
            ("", "no JSON"), ("[]", "no object"), ("{}", "neither `rows` nor `sums`"),
            (#"{"rows":-1}"#, "no whole number"), (#"{"rows":"5"}"#, "no whole number"),
            (#"{"rows":5,"row":5}"#, "`row` is no key"), (#"{"rows":5,"rows":5}"#, "stands twice"),
            (#"{"sums":{}}"#, "no list"), (#"{"sums":[\#(eur),\#(eur)]}"#, "capture EUR stands twice"),
            (#"{"sums":[\#(eur.replacing("EUR", with: "XXX"))]}"#, "ISO 4217"),
            (#"{"sums":[\#(eur.replacing("capture", with: "void"))]}"#, "neither cancel nor capture"),
            (#"{"sums":[\#(eur.replacing("123.45", with: "123,45"))]}"#, "no amount in EUR"),
            (#"{"sums":[\#(eur.replacing("123.45", with: "123.456"))]}"#, "no amount in EUR"),
        ])
    func unreadable(text: String, reason: String) throws {
        let result = try check(sidecar: text)
        #expect(result.problems.map(\.code) == ["totals_unreadable"] && result.isRefused)
        let message = result.problems.first?.message ?? ""
        #expect(message.contains(reason) && message.contains("input.csv.totals.json"), "\(message)")
    }

    @Test("Totals count rows that are bad for another reason, as their maker did")
    func badRowsCount() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            """
            action,intent_id,amount,currency
            capture,,100.00,EUR
            capture,b,23.45,EUR
            capture,b,23.45,EUR

            """)
        var rules = CheckRules()
        rules.expected = ControlTotals(
            rows: 3,
            sums: [
                .init(
                    action: .capture, currency: try #require(Currency(code: "EUR")), rows: 3,
                    minorUnits: 14_690)
            ], listsEverySum: true)
        let result = try FileCheck(rules: rules, temporaryDirectory: directory.path).check(path: path)
        #expect(result.problems.map(\.code) == ["intent_id_missing", "duplicate"])
    }

    @Test("What the caller expects is compared sum by sum, and beside what the sidecar says")
    func expected() throws {
        var rules = CheckRules()
        let sum = try #require(ControlTotals.Sum(option: "capture:eur=123.45"))
        rules.expected = ControlTotals(rows: 5, sums: [sum], listsEverySum: false)
        #expect(try check(rules).problems.isEmpty, "JPY was not asked for")
        rules.expected?.rows = 6
        let both = try check(rules, sidecar: #"{"rows":7}"#)
        #expect(both.problems.map(\.code) == ["totals_rows", "totals_rows"])
    }

    @Test("A sum to expect is ACTION:CURRENCY=AMOUNT")
    func option() throws {
        let sum = try #require(ControlTotals.Sum(option: "cancel:JPY=500"))
        #expect(
            sum
                == .init(
                    action: .cancel, currency: try #require(Currency(code: "JPY")), rows: nil, minorUnits: 500
                ))
        for wrong in [
            "", "cancel", "cancel:JPY", "void:JPY=5", "cancel:XXX=5", "cancel:JPY=5.5", "cancel:EUR=",
            "cancel:EUR=-5", "cancel=EUR:5",
        ] {
            #expect(ControlTotals.Sum(option: wrong) == nil, "\(wrong)")
        }
    }

    @Test("Where totals are required, a check warns and a claim waits; what the caller expects will do")
    func required() async throws {
        var rules = CheckRules()
        rules.needsTotals = true
        let warned = try check(rules)
        #expect(warned.problems.map(\.code) == ["totals_missing"] && !warned.isRefused)
        #expect(warned.warningCount == 1 && warned.errorCount == 0)
        #expect(try check(rules, sidecar: #"{"rows":5}"#).problems.isEmpty)
        rules.expected = ControlTotals(rows: 5, sums: [], listsEverySum: false)
        #expect(try check(rules).problems.isEmpty)
    }
}

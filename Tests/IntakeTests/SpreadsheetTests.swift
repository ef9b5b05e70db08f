import Foundation
import Instructions
import Testing

@testable import Intake

@Suite struct SpreadsheetTests {
    private func check(_ text: String, _ rules: CheckRules = CheckRules()) throws -> CheckResult {
        let directory = try TemporaryDirectory()
        let path = try directory.write(text)
        return try FileCheck(rules: rules, temporaryDirectory: directory.path).check(path: path)
    }

    @Test(
        "What LibreOffice saved is recognised for what it is",
        arguments: [
            ("intact", []), ("rounded", Array(repeating: "id_rounded", count: 12)),
            ("rounded-one-row", ["id_rounded"]),
            ("scientific", Array(repeating: "id_scientific", count: 4)),
            ("thousands", ["amount_thousands", "amount_thousands"]),
            ("decimal-comma", Array(repeating: "amount_decimal_mark", count: 4)),
            (
                "decimal-comma-thousands",
                ["amount_thousands", "amount_decimal_mark", "amount_thousands", "amount_decimal_mark"]
            ),
            ("dates-slashed", Array(repeating: "date_rewritten", count: 4)),
            ("dates-dotted", Array(repeating: "date_rewritten", count: 4)),
            ("dates-serial", Array(repeating: "date_rewritten", count: 4)),
            ("zeros-lost", ["zeros_lost"]), ("total-row", ["total_row"]), ("sum-row", ["total_row"]),
        ] as [(String, [String])])
    func saved(name: String, codes: [String]) throws {
        let path = try #require(
            Bundle.module.path(forResource: name, ofType: "csv", inDirectory: "Spreadsheets"))
        let result = try check(String(contentsOfFile: path, encoding: .utf8))
        #expect(result.problems.map(\.code) == codes)
        #expect(result.isRefused == !codes.isEmpty)
    }

    @Test("Rounded ids that became alike are told as rounded, not as duplicates of each other")
    func roundedDuplicates() throws {
        let rows = (0..<5).map { _ in "cancel,1012411211459020000,,,,\n" }.joined()
        let result = try check("action,intent_id,amount,currency,reference,line_items\n" + rows)
        #expect(result.problems.map(\.code) == Array(repeating: "id_rounded", count: 5))
        #expect(result.problems[0].message.contains("5 of 5 long numbers"))
        #expect(result.problems[0].column == "intent_id" && result.problems[0].value == "1012411211459020000")
    }

    @Test("A single id that ends in zeros passes beside an honest one, and not alone")
    func single() throws {
        let header = "action,intent_id\n"
        #expect(try check(header + "cancel,1012411211459020000\n").problems.map(\.code) == ["id_rounded"])
        let beside = header + "cancel,1012411211459020000\ncancel,1012411211459019101\n"
        #expect(try check(beside).problems.isEmpty)
    }

    @Test("With on-invalid: skip, damaged rows are bad rows")
    func skipped() throws {
        var rules = CheckRules()
        rules.onInvalid = .skip
        let honest = (0..<97).map { "cancel,10124112114590\(19_101 + $0)\n" }.joined()
        let damaged = (1...3).map { "cancel,\($0)012411211459020000\n" }.joined()
        let result = try check("action,intent_id\n" + honest + damaged, rules)
        #expect(result.badRows == 3 && !result.isRefused && result.errorCount == 3)
    }

    @Test(
        "Leading zeros are missed where siblings have them, and nowhere else",
        arguments: [
            (["00123", "00124", "125"], [3]), (["00123", "125", "00124", "126"], [2, 4]),
            (["00123", "12345"], []), (["123", "124"], []), (["00123", "0124", "125"], []),
            (["00123", "125", "126"], []), (["00123", "00124", "125", "123456"], []),
            (["00123", "00124", "A-1", ""], []), (["007", "0", "008"], [2]),
        ])
    func zeros(references: [String], rows: [Int]) throws {
        let lines = references.enumerated().map { "cancel,i\($0.offset),\($0.element)\n" }
        let result = try check("action,intent_id,reference\n" + lines.joined())
        #expect(result.problems.map(\.code) == rows.map { _ in "zeros_lost" })
        #expect(result.problems.map(\.row) == rows)
    }

    @Test(
        "Total rows are told from instructions that lack something",
        arguments: [
            ("Total,,443.45,,", "total_row"), (",TOTAL:,443.45,EUR,", "total_row"),
            (",,443.45,,", "total_row"), (",,443.45,EUR,Summe", "total_row"), ("合计,,443.45,,", "total_row"),
            ("Grand Total,,,,", "total_row"), (",,443.45,EUR,CX-1", "action_missing"),
            ("cancel,Total,,,", "none"), ("Totally,,443.45,,", "action_unknown"),
            (",,,EUR,", "action_missing"),
        ])
    func totals(row: String, code: String) throws {
        let result = try check("action,intent_id,amount,currency,reference\ncancel,a,,,\n\(row)\n")
        #expect((result.problems.first?.code ?? "none") == code)
        if code == "total_row" { #expect(result.problems.count == 1) }
    }

    @Test("A column of totals' words is no total where only cancels are allowed and an id is meant")
    func totalAsID() throws {
        let result = try check("intent_id,amount\na,\nTotal,443.45\n", CheckRules(allowedActions: [.cancel]))
        #expect(result.problems.map(\.code) == ["total_row"])
    }

    @Test("Curly quotes are named where they break a header, a row or a cell, and allowed in texts")
    func curlyQuotes() throws {
        #expect(try check("“action”,intent_id\ncancel,a\n").problems.map(\.code).contains("curly_quotes"))
        #expect(try check("action,intent_id\n“cancel”,a\n").problems.map(\.code) == ["curly_quotes"])
        #expect(
            try check("action,intent_id,reason\ncancel,a,“late, lost”\n").problems.map(\.code) == [
                "field_count", "curly_quotes",
            ])
        #expect(try check("action,intent_id,reason\ncancel,a,said “no”\n").problems.isEmpty)
    }

    private static let card = "4111111111111111"

    @Test(
        "A card number refuses the file wherever it stands, and is never shown",
        arguments: [
            ("action,intent_id,reason\ncancel,a,paid with 4111 1111 1111 1111\n", 1, "reason"),
            ("action,intent_id,note\ncancel,a,\(card)\ncancel,b,none\ncancel,c,\n", 1, "note"),
            ("action,intent_id,reference\ncancel,a,\(card)\n", 1, "reference"),
            (
                "action,intent_id,amount,currency\ncancel,b,1,EUR\ncapture,a,4111-1111-1111-1111,EUR\n", 2,
                "amount"
            ),
            ("\(card),a\ncancel,b\n", nil, "1"),
            ("action,intent_id\ncancel,a,\(card)\n", 1, "3"),
            ("{\"action\":\"cancel\",\"intent_id\":\"a\",\"pan\":\(card)}\n", 1, "pan"),
            ("{\"action\":\"cancel\",\"intent_id\":\"a\",\"x\":{\"pan\":\"\(card)\"}}\n", 1, "x"),
            ("action,intent_id,\(card)\ncancel,a,b\n", nil, "3"),
            ("{\"action\":\"cancel\",\"intent_id\":\"a\",\"\(card)\":\"x\"}\n", 1, "3"),
        ] as [(String, Int?, String)])
    func cards(text: String, row: Int?, column: String) throws {
        var rules = CheckRules()
        rules.onInvalid = .skip
        let result = try check(text, rules)
        let hits = result.problems.filter { $0.code == "card_number" }
        #expect(hits.map(\.row) == [row] && hits.map(\.column) == [column])
        #expect(result.isRefused && result.holdsCardNumbers)
        for problem in result.problems {
            let said = "\(problem)".filter(\.isNumber)
            #expect(!said.contains(Self.card), "\(problem)")
        }
    }

    @Test("Numbers of the merchant's own are no cards: intent ids, excepted columns, mostly numeric columns")
    func noCards() throws {
        let orders = "action,intent_id,order_no\n"
        #expect(try check(orders + "cancel,\(Self.card),1\n").problems.isEmpty)
        var rules = CheckRules()
        rules.columnsWithoutCards = ["Order-No"]
        #expect(try check(orders + "cancel,a,\(Self.card)\n", rules).problems.isEmpty)
        let others = (0..<2).map { "cancel,b\($0),411111111111111\(2 + $0)\n" }.joined()
        #expect(try check(orders + "cancel,a,\(Self.card)\n" + others).problems.isEmpty)
        let half = try check(orders + "cancel,a,\(Self.card)\ncancel,b,4111111111111112\n")
        #expect(half.problems.map(\.code) == ["card_number"])
    }
}

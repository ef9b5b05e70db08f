import Instructions
import Testing

@testable import Intake

@Suite struct BoundsTests {
    private func check(_ rows: [String], _ rules: CheckRules) throws -> CheckResult {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            "action,intent_id,amount,currency\n" + rows.map { $0 + "\n" }.joined())
        return try FileCheck(rules: rules, temporaryDirectory: directory.path).check(path: path)
    }

    @Test("A file with more rows than the job allows is refused, with both numbers")
    func rows() throws {
        var rules = CheckRules()
        rules.maximum.rows = 2
        #expect(try check(["cancel,a,,", "cancel,b,,"], rules).problems.isEmpty)
        let result = try check(["cancel,a,,", "cancel,b,,", ",,,", "void,c,,"], rules)
        #expect(result.problems.map(\.code) == ["max_rows", "blank_row", "action_unknown"])
        #expect(result.problems[0].message == "The file has 3 rows; the job allows 2 at most.")
    }

    @Test("Sums are bounded by currency over all actions; a currency without a bound has none")
    func sums() throws {
        var rules = CheckRules()
        let eur = try #require(Currency(code: "EUR"))
        rules.maximum.sums = [Money(minorUnits: 10_000, currency: eur)]
        let rows = ["capture,a,60,EUR", "cancel,b,40,EUR", "capture,c,9000,USD"]
        #expect(try check(rows, rules).problems.isEmpty)
        let result = try check(rows + ["cancel,d,0.01,EUR"], rules)
        #expect(result.problems.map(\.code) == ["max_sum"] && result.isRefused)
        #expect(
            result.problems[0].message
                == "The amounts in EUR sum to 100.01; the job allows 100.00 at most.")
        let huge = ["capture,a,92233720368547758.07,EUR", "capture,b,92233720368547758.07,EUR"]
        #expect(try check(huge, rules).problems.map(\.code) == ["sum_too_large", "max_sum"])
    }

    @Test(
        "Bad rows are passed over within the bound; a broken structure never is",
        arguments: [
            (4, "", 500_000, nil), (4, "void,x,,", 200_000, nil), (4, "void,x,,", 199_999, "max_invalid"),
            (4, "cancel,i1,,", 200_000, nil), (0, "void,x,,", 1_000_000, "action_unknown"),
            (4, "cancel,x,", 1_000_000, "field_count"), (4, "cancel,a\"b,,", 1_000_000, "quote_bare"),
        ] as [(Int, String, Int, String?)])
    func invalid(good: Int, bad: String, parts: Int, refusal: String?) throws {
        var rules = CheckRules()
        rules.onInvalid = .skip
        rules.maximum.invalidPartsPerMillion = parts
        let rows = (0..<good).map { "cancel,i\($0),," } + (bad.isEmpty ? [] : [bad])
        let result = try check(rows, rules)
        #expect(result.isRefused == (refusal != nil))
        #expect(result.badRows == (bad.isEmpty ? 0 : 1))
        if let refusal { #expect(result.problems.first?.code == refusal) }
        #expect(result.allWholeCancels == (refusal == nil))
        rules.onInvalid = .refuse
        #expect(try check(rows, rules).isRefused == !bad.isEmpty)
    }

    @Test("The bound on bad rows is said as a percentage")
    func percentages() {
        for (parts, text) in [
            (10_000, "1%"), (500, "0.05%"), (1_000_000, "100%"), (12_300, "1.23%"), (1, "0.0001%"),
        ] {
            let fault = RuleFault.tooManyBadRows(bad: 3, rows: 4, partsPerMillion: parts)
            #expect(fault.message == "3 of 4 rows are bad; the job allows \(text) at most.")
        }
    }
}

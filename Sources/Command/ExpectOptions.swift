import ArgumentParser
import Instructions
import Intake

/// What the caller says that the file holds; any difference refuses it.
struct ExpectOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Refuse the file unless it has so many rows.", valueName: "n"))
    var expectRows: Int?

    @Option(
        help: ArgumentHelp(
            "Refuse the file unless its amounts sum to this; may be given for each action and currency.",
            valueName: "action:currency=amount"),
        transform: { text in
            guard let sum = ControlTotals.Sum(option: text) else {
                throw ValidationError("write it as capture:EUR=123.45")
            }
            return ExpectedSum(text: text, sum: sum)
        })
    var expectSum: [ExpectedSum] = []

    struct ExpectedSum {
        let text: String
        let sum: ControlTotals.Sum
    }

    func validate() throws {
        if let expectRows, expectRows < 0 { throw ValidationError("--expect-rows is a number from 0") }
        let kinds = expectSum.map { "\($0.sum.action.rawValue) \($0.sum.currency.code)" }
        guard Set(kinds).count == kinds.count else {
            throw ValidationError("--expect-sum names an action and currency twice")
        }
    }

    /// nil when nothing was said.
    var totals: ControlTotals? {
        guard expectRows != nil || !expectSum.isEmpty else { return nil }
        return ControlTotals(rows: expectRows, sums: expectSum.map(\.sum), listsEverySum: false)
    }

    /// Totals are those of one file.
    func validate(files: Int) throws {
        guard totals == nil || files == 1 else {
            throw ValidationError("--expect-rows and --expect-sum are about one file; name one")
        }
    }

    /// As they were given, for the next command to type.
    var asTyped: String {
        (expectRows.map { " --expect-rows \($0)" } ?? "")
            + expectSum.map { " --expect-sum \(shellQuoted($0.text))" }.joined()
    }
}

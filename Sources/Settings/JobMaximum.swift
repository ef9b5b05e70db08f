package import Instructions
import Yams

/// A job's `max: { rows, sum, invalid }`; what is not written has no bound.
package struct JobMaximum: Hashable, Sendable {
    package let rows: Int?
    /// At most one for each currency, sorted by its code.
    package let sums: [Money]
    /// Bad rows among all rows, in millionths: `1%` is 10,000.
    package let invalidPartsPerMillion: Int?

    init(_ job: Section) {
        let section = job.section("max", Vocabulary(known: ["rows", "sum", "invalid"]))
        rows = section?.integer("rows", in: 1...1_000_000_000)
        invalidPartsPerMillion = section?.partsPerMillion("invalid")
        sums = section?.section("sum").map(Self.sums) ?? []
    }

    private static func sums(_ section: Section) -> [Money] {
        var sums: [Money] = []
        for entry in section.entries {
            guard let currency = Currency(code: entry.key) else {
                section.problems.add(Wording.badCurrency(entry.key), at: entry.keyMark)
                continue
            }
            guard let text = section.text(of: entry.value, key: entry.key) else { continue }
            guard let sum = try? Money(majorText: text, currency: currency) else {
                section.problems.add(Wording.badSum(currency, text), at: entry.value.mark)
                continue
            }
            sums.append(sum)
        }
        return sums.sorted { $0.currency.code < $1.currency.code }
    }
}

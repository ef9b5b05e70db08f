import Instructions
import Yams

// How the job's input is to be read: `encoding`, `decimal`, `delimiter`, `columns`, `defaults`, `blank-amount`.
extension JobFile {
    static func reading(_ section: Section) -> ReadOptions {
        var options = ReadOptions()
        func choice<Value: RawRepresentable & CaseIterable>(_ key: String) -> Value?
        where Value.RawValue == String {
            section.choice(key, of: Value.allCases.map(\.rawValue)).flatMap(Value.init)
        }
        if let encoding: ReadOptions.Encoding = choice("encoding") { options.encoding = encoding }
        if let decimal: ReadOptions.DecimalMark = choice("decimal") { options.decimal = decimal }
        options.delimiter = delimiter(section)
        options.columns = columns(section)
        options.defaults = defaults(section)
        let blank = section.choice("blank-amount", of: ["refuse", "all"])
        options.blankAmountIsAll = blank == "all"
        return options
    }

    private static func delimiter(_ section: Section) -> ReadOptions.Delimiter? {
        guard let text = section.text("delimiter") else { return nil }
        if let delimiter = ReadOptions.Delimiter(named: text) { return delimiter }
        let choices = ReadOptions.Delimiter.allCases.map(\.rawValue)
        section.problems.add(
            Wording.badChoice(
                "delimiter", text, nearest: NearestName.of(text, among: choices), choices: choices),
            at: section.node("delimiter")?.mark)
        return nil
    }

    /// `columns: { intent_id: "PSP reference" }`
    private static func columns(_ section: Section) -> [Column: String] {
        var columns: [Column: String] = [:]
        for (column, text, node) in texts(section, "columns", allowing: { _ in true }) {
            guard text.contains(where: { !$0.isWhitespace }), text.utf8.count <= 256 else {
                section.problems.add(Wording.badColumnName(column.name), at: node.mark)
                continue
            }
            if let other = columns.first(where: { $0.value.lowercased() == text.lowercased() }) {
                section.problems.add(Wording.columnTwice(other.key.name, column.name), at: node.mark)
            }
            columns[column] = text
        }
        return columns
    }

    /// `defaults: { currency: EUR }`
    private static func defaults(_ section: Section) -> [Column: String] {
        var defaults: [Column: String] = [:]
        for (column, text, node) in texts(section, "defaults", allowing: \.mayHaveDefault) {
            switch column {
            case .action where Action(rawValue: text.lowercased()) == nil:
                section.problems.add(Wording.badDefault("action", "cancel or capture"), at: node.mark)
            case .currency where Currency(code: text.uppercased()) == nil:
                section.problems.add(Wording.badDefault("currency", "an ISO 4217 code"), at: node.mark)
            default:
                defaults[column] = text
            }
        }
        return defaults
    }

    /// The texts by column below a key; keys that are no column are problems.
    private static func texts(
        _ section: Section, _ key: String, allowing isAllowed: (Column) -> Bool
    ) -> [(Column, String, Node)] {
        guard let below = section.section(key) else { return [] }
        below.check(Vocabulary(known: Column.allCases.filter(isAllowed).map(\.name)))
        return below.entries.compactMap { entry in
            guard let column = Column(rawValue: entry.key), isAllowed(column),
                let text = below.text(of: entry.value, key: entry.key)
            else { return nil }
            return (column, text, entry.value)
        }
    }
}

/// How an instruction file is to be read, as far as it does not say so itself: what a job or the command line
/// adds. Frozen with a run, since a resume or a report reads the same bytes again.
package struct ReadOptions: Hashable, Sendable {
    /// How bytes stand for characters; never guessed.
    package enum Encoding: String, CaseIterable, Codable, Sendable {
        case utf8 = "utf-8"
        /// What spreadsheets in western Europe save as "CSV". A byte order mark of UTF-8 overrules it.
        case windows1252 = "windows-1252"
    }

    /// What stands before the decimals of an amount in CSV; never guessed. NDJSON always has a point.
    package enum DecimalMark: String, CaseIterable, Codable, Sendable {
        case point, comma

        package var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".") }
    }

    /// What stands between the fields of CSV.
    package enum Delimiter: String, CaseIterable, Codable, Sendable {
        case comma, semicolon, tab

        /// By its word, or as the character itself; a tab also as `\t`.
        package init?(named name: String) {
            switch name {
            case "comma", ",": self = .comma
            case "semicolon", ";": self = .semicolon
            case "tab", "\t", "\\t": self = .tab
            default: return nil
            }
        }

        package var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            }
        }
    }

    package var encoding: Encoding = .utf8
    package var decimal: DecimalMark = .point
    /// nil: found from the header.
    package var delimiter: Delimiter?
    /// The name that the file has for a column, where it is another one.
    package var columns: [Column: String] = [:]
    /// What a blank cell of the column, or a file without it, says.
    package var defaults: [Column: String] = [:]
    /// Whether a blank amount on a capture means what remains; otherwise it is a problem.
    package var blankAmountIsAll = false

    package init() {}
}

extension ReadOptions: Codable {
    private enum CodingKeys: CodingKey {
        case encoding, decimal, delimiter, columns, defaults, blankAmountIsAll
    }

    /// What an older release did not write has its default.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        encoding = try values.decodeIfPresent(Encoding.self, forKey: .encoding) ?? .utf8
        decimal = try values.decodeIfPresent(DecimalMark.self, forKey: .decimal) ?? .point
        delimiter = try values.decodeIfPresent(Delimiter.self, forKey: .delimiter)
        columns = try values.decodeIfPresent([Column: String].self, forKey: .columns) ?? [:]
        defaults = try values.decodeIfPresent([Column: String].self, forKey: .defaults) ?? [:]
        blankAmountIsAll = try values.decodeIfPresent(Bool.self, forKey: .blankAmountIsAll) ?? false
    }
}

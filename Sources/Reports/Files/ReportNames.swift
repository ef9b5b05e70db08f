import InstructionFiles

/// The names of a report's files (contract, section 6).
struct ReportNames {
    static let summaryJSON = "summary.json"
    static let summaryHTML = "summary.html"

    let results: String
    let resubmit: String
    let problems: String

    /// - Parameter format: the input's; problems are always CSV.
    init(input: String, format: FileFormat) {
        let stem = Self.stem(of: input)
        let ending = format == .ndjson ? ".ndjson.gz" : ".csv.gz"
        results = stem + ".results" + ending
        resubmit = stem + ".resubmit" + ending
        problems = stem + ".problems.csv.gz"
    }

    /// The input's name without `.gz` and then `.csv` or `.ndjson`, whatever their case. At most 180 bytes,
    /// so that the longest suffix and the name of a draft stay below the 255 bytes of a directory entry.
    static func stem(of input: String) -> String {
        var stem = input[...]
        func drop(_ suffix: String) {
            if stem.count > suffix.count, stem.lowercased().hasSuffix(suffix) {
                stem = stem.dropLast(suffix.count)
            }
        }
        drop(".gz")
        let before = stem
        drop(".csv")
        if stem == before { drop(".ndjson") }
        while stem.utf8.count > 180 { stem.removeLast() }
        return String(stem)
    }
}

/// The job's `max: { invalid }`: how many bad rows may be passed over.
struct InvalidRowsRule {
    let maximum: FileMaximum

    /// - Parameters:
    ///   - bad: rows with an error.
    ///   - rows: all rows.
    func fault(bad: Int, of rows: Int) -> RuleFault? {
        guard let parts = maximum.invalidPartsPerMillion, bad * 1_000_000 > parts * rows else { return nil }
        return .tooManyBadRows(bad: bad, rows: rows, partsPerMillion: parts)
    }
}

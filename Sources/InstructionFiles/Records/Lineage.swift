/// The row of an earlier run that a row comes from, as the columns `result_run` and `result_row` of its report
/// say.
package struct Lineage: Hashable, Sendable {
    /// The run's name.
    package let run: String
    package let row: Int

    package init(run: String, row: Int) {
        self.run = run
        self.row = row
    }

    /// nil unless both cells say something that can be meant.
    init?(run: Cell, row: Cell) {
        // A run's name has fewer characters, a number of a row at most 18 digits.
        guard !run.isEmpty, run.count <= 255, !row.isEmpty, row.count <= 18, row.allSatisfy(CellText.isDigit)
        else { return nil }
        self.run = CellText.string(run)
        self.row = row.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}

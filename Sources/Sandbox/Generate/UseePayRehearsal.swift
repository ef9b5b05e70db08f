/// Intents and a matching instruction file for rehearsals, with what must become of each row.
///
/// Everything follows from rows and seed: the same two give the same bytes on every machine. The expectation
/// is written by what each row was made to be, not by asking the sandbox's rules, so either can find the
/// other wrong.
package struct UseePayRehearsal: Sendable {
    /// Ids grow from row to row, and must stay below the 19 digits' end.
    package static let maximumRows = 10_000_000

    private let rows: Int
    private let seed: UInt64

    /// - Parameter rows: 0 to `maximumRows`; more traps.
    package init(rows: Int, seed: UInt64) {
        precondition(0...Self.maximumRows ~= rows, "A rehearsal has 0 to \(Self.maximumRows) rows.")
        self.rows = rows
        self.seed = seed
    }

    /// Writes `intents-useepay.ndjson` (for `SandboxOptions.intentsPath`), `instructions-useepay.csv` and
    /// `expected-useepay.csv` (row, intent_id, action, outcome, code; rows counted from 1 without the header)
    /// into a directory, which is made when only its last part is missing. Files of these names are replaced.
    ///
    /// Throws `SandboxError` with code `rehearsal`.
    package func write(to directory: String) throws {
        try RehearsalFile.makeDirectory(directory)
        var intents = try RehearsalFile(directory + "/intents-useepay.ndjson")
        var instructions = try RehearsalFile(directory + "/instructions-useepay.csv")
        var expected = try RehearsalFile(directory + "/expected-useepay.csv")
        try instructions.append("intent_id,action,amount,currency,reason,reference\n")
        try expected.append("row,intent_id,action,outcome,code\n")
        var maker = UseePayRowMaker(seed: seed)
        for number in 0..<rows {
            let row = maker.next(number + 1)
            if let line = row.intentLine { try intents.append(line + "\n") }
            try instructions.append(row.instructionLine + "\n")
            try expected.append("\(number + 1),\(row.intentID),\(row.action),\(row.outcome),\(row.code)\n")
        }
        try intents.finish()
        try instructions.finish()
        try expected.finish()
    }
}

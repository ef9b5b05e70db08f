/// Intents and a matching instruction file for rehearsals, with what must become of each row.
///
/// Everything follows from rows and seed: the same two give the same bytes on every machine. The expectation
/// is written by what each row was made to be, not by asking the sandbox's rules, so either can find the
/// other wrong. Later rows on an intent expect the earlier ones to have been done in file order.
package struct MangopayRehearsal: Sendable {
    /// As for UseePay.
    package static let maximumRows = UseePayRehearsal.maximumRows

    private let rows: Int
    private let seed: UInt64

    /// - Parameter rows: 0 to `maximumRows`; more traps.
    package init(rows: Int, seed: UInt64) {
        precondition(0...Self.maximumRows ~= rows, "A rehearsal has 0 to \(Self.maximumRows) rows.")
        self.rows = rows
        self.seed = seed
    }

    /// Writes `intents-mangopay.ndjson` (for `SandboxOptions.intentsPath`), `instructions-mangopay.csv` and
    /// `expected-mangopay.csv` (row, intent_id, action, outcome, code; rows counted from 1 without the
    /// header) into a directory, which is made when only its last part is missing. Files of these names are
    /// replaced.
    ///
    /// Throws `SandboxError` with code `rehearsal`.
    package func write(to directory: String) throws {
        try RehearsalFile.makeDirectory(directory)
        var intents = try RehearsalFile(directory + "/intents-mangopay.ndjson")
        var instructions = try RehearsalFile(directory + "/instructions-mangopay.csv")
        var expected = try RehearsalFile(directory + "/expected-mangopay.csv")
        try instructions.append(MangopayRow.header + "\n")
        try expected.append("row,intent_id,action,outcome,code\n")
        var maker = MangopayRowMaker(seed: seed)
        for number in 0..<rows {
            let made = maker.next(number + 1, remaining: rows - number)
            let row = made.row
            if let line = made.intentLine { try intents.append(line + "\n") }
            try instructions.append(made.instructionLine + "\n")
            try expected.append("\(number + 1),\(row.intentID),\(row.action),\(row.outcome),\(row.code)\n")
        }
        try intents.finish()
        try instructions.finish()
        try expected.finish()
    }
}

import GRDB
import Instructions
import Runs

/// Looks up what the row guard judges by: rows of other runs of the account.
enum Elsewhere {
    /// Rows of other runs with that intent or reference that are done, unconfirmed, or still to run. A run that is
    /// being imported counts only once it is ready: its own rows are judged then.
    static func rows(
        _ database: Database, account: Int64, run: Int64, like instruction: Instruction
    ) throws -> [ElsewhereRow] {
        let (intent, action) = (instruction.intentID, instruction.action.rawValue)
        var found = try rows(
            database, index: "instruction_intent", where: "i.intent_id = ?3 AND i.action = ?4",
            [account, run, intent, action])
        if let reference = stored(instruction.reference) {
            found += try rows(
                database, index: "instruction_reference",
                where: "i.reference = ?3 AND NOT (i.intent_id = ?4 AND i.action = ?5)",
                [account, run, reference, intent, action])
        }
        return found
    }

    /// Whether the account has another run at all: the usual store of a single run needs no look at its rows.
    static func hasOtherRuns(_ database: Database, account: Int64, run: Int64) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM run WHERE account = ? AND id <> ?)")
        return try Bool.fetchOne(statement, arguments: [account, run]) ?? false
    }

    /// Of the arguments the first two are the account and the run that is judged.
    private static func rows(
        _ database: Database, index: String, where condition: String, _ arguments: StatementArguments
    ) throws -> [ElsewhereRow] {
        try database.rows(
            """
            SELECT \(Columns.instruction), i.outcome, i.is_whole, r.name, r.id < ?2
            FROM instruction i INDEXED BY \(index) JOIN run r ON r.id = i.run
            WHERE i.account = ?1 AND \(condition) AND i.run <> ?2 AND r.state <> 'importing'
                AND (i.outcome IS NULL OR i.outcome IN ('applied', 'already_applied', 'unconfirmed'))
            ORDER BY i.run, i.row
            """, arguments
        ) { columns in
            let instruction = try columns.instruction()
            let outcome = try columns.optionalWord(Outcome.self)
            let isWhole = columns.optionalInt().map { $0 == 1 }
            let name = columns.text()
            return ElsewhereRow(
                run: name, isEarlier: columns.int() == 1, instruction: instruction, outcome: outcome,
                isWhole: isWhole)
        }
    }
}
